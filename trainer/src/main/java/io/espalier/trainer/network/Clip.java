package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.engine.Constant;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;

/** Limits each value to {@code min} and {@code max}, of which one may be infinite. */
record Clip(float min, float max) implements Layer {
  static final LayerKind KIND = LayerKind.onlyStored("clip", Clip.class);

  Clip {
    if (!(min <= max)) {
      throw new IllegalArgumentException(
          "min must be at most max: min=%s, max=%s".formatted(min, max));
    }
  }

  @Override
  public NDArray forward(Forward pass) {
    NDArray clipped = pass.input();
    if (min > Float.NEGATIVE_INFINITY) {
      clipped = clipped.maximum(Constant.beside(clipped, min));
    }
    return max < Float.POSITIVE_INFINITY ? clipped.minimum(Constant.beside(clipped, max)) : clipped;
  }

  /** One from 0 on, as files have ReLU6. */
  @Override
  public boolean activates() {
    return min == 0;
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.Clip(min, max);
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return min <= 0 && max >= 0 && !inputs.contains(false);
  }

  @Override
  public String export(OnnxNode node) {
    return node.clip(min, max);
  }
}
