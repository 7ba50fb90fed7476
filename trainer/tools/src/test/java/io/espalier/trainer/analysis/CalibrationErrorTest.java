package io.espalier.trainer.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CalibrationErrorTest {
  private static final double[] CONFIDENCES = {.95, .85, .9, .6, .55, .7, .8, .65};
  private static final boolean[] CORRECT = {true, true, false, true, false, true, true, false};

  /** The confidences .8 and .6 are on edges of bins. */
  @ParameterizedTest
  @CsvSource({"1, .125", "5, .125", "10, .1875", "15, .3"})
  void expected_ofTheWorkedExample_isTheWorkedNumber(int bins, double error) {
    assertThat(CalibrationError.expected(CalibrationError.bins(CONFIDENCES, CORRECT, bins)))
        .isCloseTo(error, within(1e-12));
  }

  @Test
  void bins_haveTheExamplesAboveTheirLowerEdge() {
    assertThat(CalibrationError.bins(CONFIDENCES, CORRECT, 5))
        .extracting(CalibrationError.Bin::examples)
        .containsExactly(0L, 0L, 2L, 3L, 3L);
    assertThat(CalibrationError.bins(new double[] {0, 1}, new boolean[2], 2))
        .extracting(CalibrationError.Bin::examples)
        .containsExactly(1L, 1L);
  }

  @Test
  void errors_ofSureAndRightAnswers_areZero() {
    double[] sure = {1, 1, 1};
    boolean[] right = {true, true, true};

    assertThat(CalibrationError.expected(CalibrationError.bins(sure, right, 15))).isZero();
    assertThat(CalibrationError.adaptive(sure, right, 15)).isZero();
  }

  /** In order .55 .6 | .65 .7 | .8 .85 | .9 .95: one of two is right but for .8 and .85. */
  @Test
  void adaptive_ofTheWorkedExample_hasBinsOfEquallyMany() {
    double byHand = (.15 + .35 + .35 + .85) / 8;

    assertThat(CalibrationError.adaptive(CONFIDENCES, CORRECT, 4)).isCloseTo(byHand, within(1e-12));
    assertThat(CalibrationError.adaptive(CONFIDENCES, CORRECT, 1)).isCloseTo(.125, within(1e-12));
  }

  @Test
  void confidence_outsideOfItsRange_isRefused() {
    assertThatThrownBy(() -> CalibrationError.bins(new double[] {1.5}, new boolean[1], 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("confidence=1.5");
  }
}
