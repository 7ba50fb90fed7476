package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.network.PositionEmbedding;

final class PositionEmbeddingOp
    implements EngineOp<PositionEmbedding>, UnfoldedInput<PositionEmbedding> {
  @Override
  public NDArray forward(PositionEmbedding layer, Forward pass) {
    return pass.parameter(0).expandDims(0).broadcast(pass.input().getShape());
  }

  @Override
  public NDArray unfoldedInput(PositionEmbedding layer, NDArray input) {
    long examples = input.getShape().get(0);
    int positions = Math.toIntExact(input.getShape().get(2));
    return input
        .getManager()
        .eye(positions)
        .expandDims(0)
        .broadcast(examples, positions, positions);
  }
}
