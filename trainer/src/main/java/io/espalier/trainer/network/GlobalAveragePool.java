package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.pooling.Pool;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;
import java.util.Optional;

/** Mean of each channel of an image, or of each feature of a sequence; the output is a vector. */
record GlobalAveragePool() implements Layer {
  static final LayerKind KIND =
      LayerKind.of("global-average-pool", GlobalAveragePool.class, GlobalAveragePool::new)
          .withPrefix("pool");

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return TensorShape.vector(requireSeveral(inputs.get(0)).channels());
  }

  private static TensorShape requireSeveral(TensorShape input) {
    return input.isSequence() ? input : input.requireImage();
  }

  @Override
  public NDArray forward(Forward pass) {
    return pass.input().getShape().dimension() == 3
        ? pass.input().mean(new int[] {2})
        : Pool.globalAvgPool2d(pass.input());
  }

  @Override
  public Optional<SparseLayer> sparse() {
    return Optional.of(new SparseLayer.GlobalAveragePool());
  }

  @Override
  public String export(OnnxNode node) {
    if (node.shapes().get(0).isSequence()) {
      Attributes positions = new Attributes().with("axes", List.of(2)).with("keepdims", 0);
      return node.whole("ReduceMean", List.of(node.input()), positions);
    }
    String mean = node.part("mean", "GlobalAveragePool", node.input());
    return node.whole("Flatten", List.of(mean), new Attributes().with("axis", 1));
  }
}
