package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.engine.ConstantOperand;
import io.espalier.trainer.network.MeanPool;

final class MeanPoolOp implements EngineOp<MeanPool> {
  @Override
  public NDArray forward(MeanPool layer, Forward pass) {
    NDArray sequence = pass.input();
    int[] positions = {2};
    if (pass.inputs().size() == 1) {
      return sequence.mean(positions);
    }
    NDArray mask = pass.inputs().get(1);
    NDArray count = mask.sum(positions).maximum(ConstantOperand.beside(mask, 1));
    return sequence.mul(mask).sum(positions).div(count);
  }
}
