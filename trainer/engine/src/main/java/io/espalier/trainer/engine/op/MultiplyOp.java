package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.network.Multiply;

final class MultiplyOp implements EngineOp<Multiply> {
  @Override
  public NDArray forward(Multiply layer, Forward pass) {
    NDArray first = pass.inputs().get(0);
    NDArray second = pass.inputs().get(1);
    return first.getShape().dimension() < second.getShape().dimension()
        ? Forward.perChannel(first, second).mul(second)
        : first.mul(Forward.perChannel(second, first));
  }
}
