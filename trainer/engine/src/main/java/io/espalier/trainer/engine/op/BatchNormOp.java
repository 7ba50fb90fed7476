package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.network.BatchNorm;

final class BatchNormOp implements EngineOp<BatchNorm> {
  @Override
  public NDArray forward(BatchNorm layer, Forward pass) {
    if (pass.training() && pass.foldsNorms() && FoldedBatchNorm.isFaster(pass.input().getShape())) {
      return FoldedBatchNorm.forward(pass, layer.epsilon());
    }
    NDArray scale = pass.parameter(0);
    NDArray shift = pass.parameter(1);
    NDArray mean = pass.parameter(2);
    NDArray variance = pass.parameter(3);
    return ai.djl.nn.norm.BatchNorm.batchNorm(
            pass.input(),
            mean,
            variance,
            scale,
            shift,
            1,
            pass.normMomentum(),
            layer.epsilon(),
            pass.training())
        .singletonOrThrow();
  }
}
