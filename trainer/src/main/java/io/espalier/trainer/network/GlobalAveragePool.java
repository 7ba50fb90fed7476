package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.pooling.Pool;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;

/** Mean of each channel; the output is a vector. */
record GlobalAveragePool() implements Layer {
  static final LayerKind KIND =
      LayerKind.of("global-average-pool", GlobalAveragePool.class, GlobalAveragePool::new)
          .withPrefix("pool");

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return TensorShape.vector(inputs.get(0).requireImage().channels());
  }

  @Override
  public NDArray forward(Forward pass) {
    return Pool.globalAvgPool2d(pass.input());
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.GlobalAveragePool();
  }

  @Override
  public String export(OnnxNode node) {
    String mean = node.part("mean", "GlobalAveragePool", node.input());
    return node.whole("Flatten", List.of(mean), new Attributes().with("axis", 1));
  }
}
