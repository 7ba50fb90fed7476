package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.espalier.trainer.network.ClassToken;

final class ClassTokenOp implements EngineOp<ClassToken>, UnfoldedInput<ClassToken> {
  @Override
  public NDArray forward(ClassToken layer, Forward pass) {
    Shape shape = pass.input().getShape();
    return pass.parameter(0)
        .expandDims(0)
        .broadcast(shape.get(0), shape.get(1), 1)
        .concat(pass.input(), 2);
  }

  /** 1 at the position that it adds, 0 at all others. */
  @Override
  public NDArray unfoldedInput(ClassToken layer, NDArray input) {
    int positions = Math.toIntExact(input.getShape().get(2)) + 1;
    return input
        .getManager()
        .eye(1, positions, 0, DataType.FLOAT32)
        .expandDims(0)
        .broadcast(input.getShape().get(0), 1, positions);
  }
}
