package io.espalier.trainer.network;

import java.util.List;

/** Limits each value to {@code min} and {@code max}, of which one may be infinite. */
public record Clip(float min, float max) implements Layer, ActivationLayer {
  static final LayerKind KIND = LayerKind.onlyStored("clip", Clip.class);

  public Clip {
    if (!(min <= max)) {
      throw new IllegalArgumentException(
          "min must be at most max: min=%s, max=%s".formatted(min, max));
    }
  }

  /** One from 0 on, as files have ReLU6. */
  @Override
  public boolean activates() {
    return min == 0;
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return min <= 0 && max >= 0 && !inputs.contains(false);
  }
}
