package io.espalier.trainer.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class KendallTauTest {
  private static final double EXACT = 1e-6;

  @Test
  void tau_ofWorkedRankings_isTheWorkedNumber() {
    double[] rising = {1, 2, 3, 4, 5};

    assertThat(KendallTau.of(rising, new double[] {5, 4, 2, 3, 1}).tauA()).isEqualTo(-.8);
    assertThat(KendallTau.of(rising, rising).tauB()).isEqualTo(1);
  }

  @Test
  void tau_withTies_isTheWorkedNumber() {
    KendallTau tau = KendallTau.of(new double[] {1, 2, 2, 3}, new double[] {1, 3, 2, 4});

    assertThat(tau).isEqualTo(new KendallTau(5, 0, 1, 0, 0));
    assertThat(tau.tauA()).isCloseTo(.833333, within(EXACT));
    assertThat(tau.tauB()).isCloseTo(.912871, within(EXACT));
  }

  @Test
  void tau_ofAReversedRanking_changesItsSign() {
    SplittableRandom random = new SplittableRandom(3);
    double[] first = random.doubles(40).map(each -> Math.floor(10 * each)).toArray();
    double[] second = random.doubles(40).map(each -> Math.floor(10 * each)).toArray();
    double[] reversed = Arrays.stream(second).map(each -> -each).toArray();

    assertThat(KendallTau.of(first, reversed).tauA())
        .isEqualTo(-KendallTau.of(first, second).tauA());
    assertThat(KendallTau.of(first, reversed).tauB())
        .isEqualTo(-KendallTau.of(first, second).tauB());
    assertThat(KendallTau.of(second, first).tauB()).isEqualTo(KendallTau.of(first, second).tauB());
  }

  @Test
  void tau_ofEqualValuesOfBothSigns_isATie() {
    assertThat(KendallTau.of(new double[] {0, -0.0}, new double[] {-0.0, 0}))
        .isEqualTo(new KendallTau(0, 0, 0, 0, 1));
  }

  @Test
  void tau_ofNothing_isNoNumber() {
    assertThat(KendallTau.of(new double[1], new double[1]).tauB()).isNaN();
  }

  @Test
  void rankings_ofOtherThings_areRefused() {
    assertThatThrownBy(() -> KendallTau.of(new double[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of the same things");
  }
}
