package io.espalier.trainer.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CacheLinesTest {
  private static final int HEADER_AND_PADDING = 16;

  private final CacheLines lines = new CacheLines();

  @Test
  void arrays_madeOneAfterTheOther_startAsFarApartAsTheyAreLong() {
    // given
    int pairs = 200;
    int consistent = 0;

    // when
    for (int i = 0; i < pairs; i++) {
      int length = 2 * (i % 50 + 1);
      float[] first = new float[length];
      float[] second = new float[length];
      int apart = (HEADER_AND_PADDING / Float.BYTES + length) % CacheLines.FLOATS;
      int found = Math.floorMod(lines.start(first) - lines.start(second), CacheLines.FLOATS);
      consistent += found == apart ? 1 : 0;
    }

    // then
    assertThat(consistent).isGreaterThan(pairs * 9 / 10);
  }

  @Test
  void start_isBelowALine_andZeroWithoutValues() {
    // when
    int start = lines.start(new float[100]);

    // then
    assertThat(start).isBetween(0, CacheLines.FLOATS - 1);
    assertThat(lines.start(new float[0])).isZero();
  }
}
