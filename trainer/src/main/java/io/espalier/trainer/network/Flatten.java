package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;

/** All values of an example as one vector, row-major. */
record Flatten() implements Layer {
  static final LayerKind KIND = LayerKind.of("flatten", Flatten.class, Flatten::new);

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return TensorShape.vector(inputs.get(0).size());
  }

  @Override
  public NDArray forward(Forward pass) {
    return pass.input().reshape(pass.input().getShape().get(0), -1);
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.Flatten();
  }

  @Override
  public String export(OnnxNode node) {
    return node.operation("Flatten", new Attributes().with("axis", 1));
  }

  @Override
  public ChannelPort channels(LayerChannels layer) {
    TensorShape input = layer.shape();
    return layer.graph().repeated(layer.input(), input.size() / input.channels());
  }
}
