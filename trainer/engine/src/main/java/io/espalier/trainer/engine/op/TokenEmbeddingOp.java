package io.espalier.trainer.engine.op;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.core.Embedding;
import io.espalier.trainer.network.TokenEmbedding;

final class TokenEmbeddingOp implements EngineOp<TokenEmbedding>, UnfoldedInput<TokenEmbedding> {
  @Override
  public NDArray forward(TokenEmbedding layer, Forward pass) {
    NDArray weight = pass.parameter(0).transpose();
    NDArray features =
        Embedding.embedding(numbers(pass.input()), weight, SparseFormat.DENSE).singletonOrThrow();
    return Forward.featuresFirst(features);
  }

  private static NDArray numbers(NDArray input) {
    return input.reshape(input.getShape().get(0), -1).toType(DataType.INT64, false);
  }

  @Override
  public NDArray unfoldedInput(TokenEmbedding layer, NDArray input) {
    return numbers(input).oneHot(layer.tokens()).transpose(0, 2, 1);
  }
}
