package io.espalier.trainer.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SharedRowsTest {
  private static final int RUN = SharedRows.TO_GATHER / 2;

  /** Rows of offsets, each digit for a run of half as many as a tile needs. */
  private static SharedRows of(String... rows) {
    int[] starts = new int[rows.length + 1];
    IntStream.Builder offsets = IntStream.builder();
    for (int row = 0; row < rows.length; row++) {
      rows[row]
          .chars()
          .map(each -> RUN * (each - '0'))
          .forEach(first -> IntStream.range(first, first + RUN).forEach(offsets));
      starts[row + 1] = starts[row] + RUN * rows[row].length();
    }
    return SharedRows.of(starts, offsets.build().toArray(), SharedRows.TO_GATHER);
  }

  @Test
  void bounds_ofDenseRows_areTilesAndTheRest() {
    SharedRows shared = of("012", "012", "012", "012", "012", "012");

    assertThat(shared.bounds()).containsExactly(0, 4, 6, 6);
    assertThat(shared.isUniform(1)).isTrue();
    assertThat(shared.areAll()).isFalse();
  }

  @Test
  void bounds_ofDenseRowsInTiles_areAll() {
    SharedRows shared = of("12", "12", "12", "12", "12", "12", "12", "12");

    assertThat(shared.bounds()).containsExactly(0, 8);
    assertThat(shared.areAll()).isTrue();
  }

  @Test
  void bounds_ofSingleWeights_areOneRun() {
    SharedRows shared = of("01", "02", "01", "01", "01");

    assertThat(shared.bounds()).containsExactly(5, 5);
    assertThat(shared.areAll()).isFalse();
  }

  @Test
  void bounds_ofBlocksAlongOutputs_areTilesThatDiffer() {
    SharedRows shared = of("3", "02", "02", "02", "02", "13", "13", "13", "13", "");

    assertThat(shared.bounds()).containsExactly(1, 9, 10, 10);
    assertThat(shared.isUniform(1)).isFalse();
  }

  @Test
  void bounds_ofRowsOfFewWeightsOrNone_areSingle() {
    assertThat(of("1", "1", "1", "1").bounds()).containsExactly(4, 4);
    assertThat(of("", "", "", "").bounds()).containsExactly(4, 4);
    assertThat(of().bounds()).isEmpty();
  }
}
