package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.espalier.trainer.network.Pad;

final class PadOp implements EngineOp<Pad> {
  @Override
  public NDArray forward(Pad layer, Forward pass) {
    Shape sides = new Shape(layer.left(), layer.right(), layer.top(), layer.bottom());
    return pass.input().pad(sides, layer.lowest() ? Double.NEGATIVE_INFINITY : 0);
  }
}
