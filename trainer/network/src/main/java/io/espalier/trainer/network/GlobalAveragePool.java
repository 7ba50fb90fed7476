package io.espalier.trainer.network;

import java.util.List;

/** Mean of each channel; the output is a vector. */
public record GlobalAveragePool() implements Layer {
  static final LayerKind KIND =
      LayerKind.of("global-average-pool", GlobalAveragePool.class, GlobalAveragePool::new)
          .withPrefix("pool");

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return TensorShape.vector(inputs.get(0).requireImage().channels());
  }
}
