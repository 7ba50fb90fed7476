package io.espalier.trainer.observer;

import java.util.Optional;

/** Holds the values that a layer gave in one pass, and a gradient by them. */
public final class LayerOutput {
  private final float[] values;
  private final Optional<float[]> gradient;

  /** Holds the arrays, row-major {@code [batch, outputs, height, width]}, without a copy. */
  public LayerOutput(float[] values, Optional<float[]> gradient) {
    this.values = values;
    this.gradient = gradient;
  }

  float[] values() {
    return values;
  }

  float[] gradient() {
    return gradient.orElseThrow(
        () -> new IllegalStateException("an observer must say that it needs gradients"));
  }
}
