package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.engine.ConstantOperand;
import io.espalier.trainer.network.Affine;

final class AffineOp implements EngineOp<Affine> {
  @Override
  public NDArray forward(Affine layer, Forward pass) {
    NDArray input = pass.input();
    return input
        .mul(ConstantOperand.beside(input, layer.scale()))
        .add(ConstantOperand.beside(input, layer.shift()));
  }
}
