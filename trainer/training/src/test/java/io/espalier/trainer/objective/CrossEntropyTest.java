package io.espalier.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CrossEntropyTest {
  private static final float[] LOGITS = {2, 1, 0, 7, 7, 7};
  private static final int[] LABELS = {0, 1};
  private static final ObjectiveInputs NONE =
      () -> {
        throw new AssertionError("cross-entropy reads no inputs");
      };

  /** −ln p is 0.407606, 1.407606, 2.407606; with ε = 0.3 the label gets 0.8, each other 0.1. */
  @Test
  void gradient_workedLogits_areLossAndSlope() {
    float[] gradient = new float[6];

    double loss = new CrossEntropy(0.3).gradient(LOGITS, LABELS, 3, NONE, gradient);

    assertThat(loss).isCloseTo((0.707606 + 1.098612) / 2, within(1e-6));
    assertThat(gradient)
        .containsExactly(
            new float[] {-0.067379f, 0.072364f, -0.004985f, 0.116667f, -0.233333f, 0.116667f},
            within(1e-6f));
  }

  @Test
  void gradient_ofPlainAndSmoothedLabels_isTheFiniteDifference() {
    for (double smoothing : new double[] {0, 0.3}) {
      Slopes.check(new CrossEntropy(smoothing), LOGITS, LABELS, 3, NONE);
    }
  }

  @Test
  void gradient_hugeLogits_staysFinite() {
    float[] gradient = new float[2];

    double loss =
        new CrossEntropy(0).gradient(new float[] {1e30f, -1e30f}, new int[] {1}, 2, NONE, gradient);

    assertThat(loss).isCloseTo(2e30, within(1e24));
    assertThat(gradient).containsExactly(1f, -1f);
  }

  @Test
  void evaluation_ofARow_isPlainWhateverTheSmoothing() {
    Objective smoothed = new CrossEntropy(0.3);

    assertThat(smoothed.loss(LOGITS, 0, 3, 0)).isCloseTo(0.407606, within(1e-6));
    assertThat(smoothed.loss(LOGITS, 1, 3, 2)).isCloseTo(1.098612, within(1e-6));
    assertThat(smoothed.answer(LOGITS, 0, 3)).isZero();
    assertThat(smoothed.answer(LOGITS, 1, 3)).isZero();
  }
}
