package com.example.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import ai.djl.nn.pooling.Pool;
import io.espalier.trainer.engine.op.EngineOp;
import io.espalier.trainer.engine.op.Forward;

/** The gate on the engine. */
public final class SqueezeGateEngine implements EngineOp<SqueezeGate> {
  @Override
  public NDArray forward(SqueezeGate layer, Forward pass) {
    NDArray means = Pool.globalAvgPool2d(pass.input());
    NDArray sums = means.mul(pass.parameter(0)).add(pass.parameter(1));
    return pass.input().mul(Forward.perChannel(Activation.sigmoid(sums), pass.input()));
  }
}
