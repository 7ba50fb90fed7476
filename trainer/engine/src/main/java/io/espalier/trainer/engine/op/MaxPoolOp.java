package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import io.espalier.trainer.network.MaxPool;

final class MaxPoolOp implements EngineOp<MaxPool> {
  @Override
  public NDArray forward(MaxPool layer, Forward pass) {
    Shape sides = Forward.square(layer.padding());
    return Pool.maxPool2d(
        pass.input(), Forward.square(layer.kernel()), Forward.square(layer.stride()), sides, false);
  }
}
