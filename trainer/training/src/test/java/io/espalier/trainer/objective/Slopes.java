package io.espalier.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Compares an objective's gradient with finite differences of its loss. */
final class Slopes {
  private static final float STEP = 1f / 64;

  private Slopes() {}

  static void check(
      Objective objective, float[] logits, int[] labels, int classes, ObjectiveInputs taps) {
    float[] gradient = new float[logits.length];
    objective.gradient(logits, labels, classes, taps, gradient);

    for (int i = 0; i < logits.length; i++) {
      double rise =
          loss(objective, moved(logits, i, STEP), labels, classes, taps)
              - loss(objective, moved(logits, i, -STEP), labels, classes, taps);
      assertThat((double) gradient[i]).as("logit %d", i).isCloseTo(rise / (2 * STEP), within(2e-5));
    }
  }

  static double loss(
      Objective objective, float[] logits, int[] labels, int classes, ObjectiveInputs taps) {
    return objective.gradient(logits, labels, classes, taps, new float[logits.length]);
  }

  private static float[] moved(float[] logits, int index, float by) {
    float[] moved = logits.clone();
    moved[index] += by;
    return moved;
  }
}
