package io.espalier.trainer.sync;

import io.espalier.trainer.state.DivergedException;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;

final class FiniteCheck {
  private FiniteCheck() {}

  static void require(StateLayout layout, TrainingState state, long step) {
    String worst = "";
    double largest = -1;
    boolean finite = true;
    for (int i = 0; i < layout.entries().size(); i++) {
      for (int slot = 0; slot < layout.entries().get(i).slots(); slot++) {
        float magnitude = largestMagnitude(state.values(i, slot));
        finite &= Float.isFinite(magnitude);
        if (!(magnitude <= largest)) {
          largest = magnitude;
          worst = layout.entries().get(i).id().name();
        }
        if (!finite) {
          throw new DivergedException(step, "A weight or moment", worst, largest);
        }
      }
    }
  }

  /** Largest absolute value; NaN if there is one. */
  private static float largestMagnitude(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
