package com.example.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import io.espalier.trainer.engine.op.EngineOp;
import io.espalier.trainer.engine.op.Forward;

/** The gate on the engine. */
public final class SqueezeGateEngine implements EngineOp<SqueezeGate> {
  @Override
  public NDArray forward(SqueezeGate layer, Forward pass) {
    NDArray images = pass.input();
    NDArray scale = Forward.perChannel(pass.parameter(0), images);
    NDArray shift = Forward.perChannel(pass.parameter(1), images);
    NDArray means = images.mean(new int[] {2, 3}, true);
    return images.mul(Activation.sigmoid(means.mul(scale).add(shift)));
  }
}
