package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.engine.ConstantOperand;
import io.espalier.trainer.network.Clip;

final class ClipOp implements EngineOp<Clip> {
  @Override
  public NDArray forward(Clip layer, Forward pass) {
    NDArray clipped = pass.input();
    if (layer.min() > Float.NEGATIVE_INFINITY) {
      clipped = clipped.maximum(ConstantOperand.beside(clipped, layer.min()));
    }
    return layer.max() < Float.POSITIVE_INFINITY
        ? clipped.minimum(ConstantOperand.beside(clipped, layer.max()))
        : clipped;
  }
}
