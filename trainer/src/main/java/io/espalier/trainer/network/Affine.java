package io.espalier.trainer.network;

import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;

/** {@code scale · value + shift} with numbers that are never trained. */
public record Affine(float scale, float shift) implements Layer {
  static final LayerKind KIND = LayerKind.onlyStored("affine", Affine.class);

  public Affine {
    LayerParameters.requireFinite("scale", scale);
    LayerParameters.requireFinite("shift", shift);
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.Affine(scale, shift);
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return shift == 0 && !inputs.contains(false);
  }
}
