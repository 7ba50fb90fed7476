package io.espalier.masks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CountsTest {
  @Test
  void pruned_whereDoublesFallShort_isExact() {
    assertThat((int) Math.floor(.29 * 100)).isEqualTo(28);

    assertThat(Counts.pruned(.29, 100)).isEqualTo(29);
    assertThat(Counts.kept(.9, 100)).isEqualTo(10);
    assertThat(Counts.kept(1 - .9, 100)).isEqualTo(90);
  }

  @Test
  void pruned_ofEveryPercentage_isExactAtAllSizes() {
    for (long hundredths : new long[] {1, 10, 1_000, 266_200, 1_000_000, 250_000_000}) {
      for (int percent = 0; percent <= 100; percent++) {
        assertThat(Counts.pruned(percent / 100.0, 100 * hundredths))
            .isEqualTo(percent * hundredths);
      }
    }
  }

  @Test
  void pruned_betweenWholeUnits_roundsDown() {
    assertThat(Counts.pruned(.5, 3)).isEqualTo(1);
    assertThat(Counts.pruned(.9, 24_112)).isEqualTo(21_700);
    assertThat(Counts.pruned(1, 7)).isEqualTo(7);
    assertThat(Counts.pruned(0, 7)).isZero();
  }

  @Test
  void minKeep_ofAShare_roundsUp_andIsAtLeastOne() {
    assertThat(Counts.minKeep(.005, 1000)).isEqualTo(5);
    assertThat(Counts.minKeep(.005, 1001)).isEqualTo(6);
    assertThat(Counts.minKeep(.07, 100)).isEqualTo(7);
    assertThat(Counts.minKeep(0, 100)).isEqualTo(1);
    assertThat(Counts.minKeep(1, 100)).isEqualTo(100);
  }

  @Test
  void share_outsideZeroToOne_isRefused() {
    assertThatThrownBy(() -> Counts.pruned(1.1, 5)).hasMessageContaining("share=1.1");
    assertThatThrownBy(() -> Counts.pruned(Double.NaN, 5)).hasMessageContaining("share=NaN");
  }
}
