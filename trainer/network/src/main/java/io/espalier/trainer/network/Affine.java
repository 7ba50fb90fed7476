package io.espalier.trainer.network;

import java.util.List;

/** {@code scale · value + shift} with numbers that are never trained. */
public record Affine(float scale, float shift) implements Layer {
  static final LayerKind KIND = LayerKind.onlyStored("affine", Affine.class);

  public Affine {
    LayerParameters.requireFinite("scale", scale);
    LayerParameters.requireFinite("shift", shift);
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return shift == 0 && !inputs.contains(false);
  }
}
