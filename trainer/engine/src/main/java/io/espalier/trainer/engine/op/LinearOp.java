package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.network.Linear;

final class LinearOp implements EngineOp<Linear> {
  @Override
  public NDArray forward(Linear layer, Forward pass) {
    NDArray input = Forward.featuresLast(pass.input());
    NDArray output =
        (layer.bias()
                ? ai.djl.nn.core.Linear.linear(input, pass.parameter(0), pass.parameter(1))
                : ai.djl.nn.core.Linear.linear(input, pass.parameter(0)))
            .singletonOrThrow();
    return Forward.featuresFirst(output);
  }
}
