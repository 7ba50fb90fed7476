package io.espalier.trainer.stored;

import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.network.ImageShape;
import java.util.Optional;

/** Turns inputs of one normalization into those of another: {@code x · factor + shift}. */
record Renormalization(Normalization from, Normalization to) {
  /** Empty where nothing changes. */
  static Optional<Renormalization> between(Normalization from, Normalization to) {
    return from.equals(to) ? Optional.empty() : Optional.of(new Renormalization(from, to));
  }

  float[] of(float[] inputs, ImageShape shape) {
    float[] changed = new float[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      int value = i % shape.size();
      int before = value / (shape.size() / from.groups());
      int after = value / (shape.size() / to.groups());
      double raw = inputs[i] * from.standardDeviation().get(before) + from.mean().get(before);
      changed[i] = (float) ((raw - to.mean().get(after)) / to.standardDeviation().get(after));
    }
    return changed;
  }
}
