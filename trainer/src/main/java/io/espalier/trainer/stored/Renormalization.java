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
    int groups = from.groups();
    int length = shape.size() / groups;
    float[] changed = new float[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      int group = i / length % groups;
      double raw = inputs[i] * from.standardDeviation().get(group) + from.mean().get(group);
      changed[i] = (float) ((raw - to.mean().get(group)) / to.standardDeviation().get(group));
    }
    return changed;
  }
}
