package io.espalier.trainer.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class LayerTimesTest {
  @Test
  void time_betweenMeasuredWidths_isInterpolatedAlongBothSides() {
    LayerTimes times =
        new LayerTimes(List.of(2, 6), List.of(1, 3), List.of(List.of(10L, 30L), List.of(50L, 90L)));

    assertThat(times.at(2, 1)).isEqualTo(10);
    assertThat(times.at(6, 3)).isEqualTo(90);
    assertThat(times.at(2, 2)).isEqualTo(20);
    assertThat(times.at(4, 2)).isEqualTo(45);
    assertThat(times.at(1, 1)).isEqualTo(10);
    assertThat(times.at(0, 3)).isZero();
    assertThat(times.at(6, 0)).isZero();
  }

  @Test
  void time_ofFewerChannels_isNeverLonger() {
    LayerTimes times =
        new LayerTimes(List.of(8), List.of(1, 4, 8), List.of(List.of(20L, 10L, 15L)));

    assertThat(times.at(8, 8)).isEqualTo(15);
    assertThat(times.at(8, 4)).isEqualTo(10);
    assertThat(times.at(8, 2)).isEqualTo(10);
  }

  @Property(tries = 200, seed = "1")
  void time_ofAnyMeasurements_risesWithTheWidths(@ForAll long seed) {
    Random random = new Random(seed);
    List<Integer> widths = List.of(1, 3, 7, 8);
    List<List<Long>> rows = new ArrayList<>();
    for (int row = 0; row < 4; row++) {
      rows.add(random.longs(4, 1, 1000).boxed().toList());
    }
    LayerTimes times = new LayerTimes(widths, widths, rows);

    for (int a = 0; a < 8; a++) {
      for (int b = 0; b < 8; b++) {
        assertThat(times.at(a + 1, b)).isGreaterThanOrEqualTo(times.at(a, b));
        assertThat(times.at(a, b + 1)).isGreaterThanOrEqualTo(times.at(a, b));
      }
    }
  }

  @Test
  void times_thatAreNoGrid_areRefused() {
    assertThatThrownBy(() -> new LayerTimes(List.of(2, 1), List.of(1), List.of()))
        .hasMessageContaining("inputs=[2, 1]");
    assertThatThrownBy(() -> new LayerTimes(List.of(1), List.of(1), List.of(List.of(0L))))
        .hasMessageContaining("nanoseconds=[[0]]");
    assertThatThrownBy(() -> new LayerTimes(List.of(), List.of(1), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
