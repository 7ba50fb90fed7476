package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.espalier.trainer.engine.ConstantOperand;
import io.espalier.trainer.network.PaddingMask;

final class PaddingMaskOp implements EngineOp<PaddingMask> {
  @Override
  public NDArray forward(PaddingMask layer, Forward pass) {
    NDArray input = pass.input();
    return input
        .reshape(input.getShape().get(0), 1, -1)
        .neq(ConstantOperand.beside(input, layer.padding()))
        .toType(DataType.FLOAT32, false);
  }
}
