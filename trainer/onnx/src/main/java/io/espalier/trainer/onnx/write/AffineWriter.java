package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.Affine;

final class AffineWriter implements OnnxWriter<Affine> {
  @Override
  public String write(Affine layer, OnnxNode node) {
    String factor = node.scalar("scale", layer.scale());
    String summand = node.scalar("shift", layer.shift());
    return node.whole("Add", node.part("scaled", "Mul", node.input(), factor), summand);
  }
}
