package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.engine.Constant;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;

/** {@code scale · value + shift} with numbers that are never trained. */
record Affine(float scale, float shift) implements Layer {
  static final LayerKind KIND = LayerKind.onlyStored("affine", Affine.class);

  Affine {
    LayerParameters.requireFinite("scale", scale);
    LayerParameters.requireFinite("shift", shift);
  }

  @Override
  public NDArray forward(Forward pass) {
    NDArray input = pass.input();
    return input.mul(Constant.beside(input, scale)).add(Constant.beside(input, shift));
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.Affine(scale, shift);
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return shift == 0 && !inputs.contains(false);
  }

  @Override
  public String export(OnnxNode node) {
    String factor = node.scalar("scale", scale);
    String summand = node.scalar("shift", shift);
    return node.whole("Add", node.part("scaled", "Mul", node.input(), factor), summand);
  }
}
