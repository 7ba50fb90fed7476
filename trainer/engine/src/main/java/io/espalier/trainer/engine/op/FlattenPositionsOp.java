package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.espalier.trainer.network.FlattenPositions;

final class FlattenPositionsOp implements EngineOp<FlattenPositions> {
  @Override
  public NDArray forward(FlattenPositions layer, Forward pass) {
    Shape shape = pass.input().getShape();
    return pass.input().reshape(shape.get(0), shape.get(1), -1);
  }
}
