package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;

/** Two or more inputs behind one another along their channels or features. */
record Concat() implements Layer {
  static final LayerKind KIND = LayerKind.of("concat", Concat.class, Concat::new).joining();

  @Override
  public boolean takes(int inputs) {
    return KIND.takes(inputs);
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return TensorShape.joined(inputs);
  }

  @Override
  public NDArray forward(Forward pass) {
    return NDArrays.concat(new NDList(pass.inputs()), 1);
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.Concat();
  }

  @Override
  public String export(OnnxNode node) {
    return node.operation("Concat", new Attributes().with("axis", 1));
  }

  @Override
  public ChannelPort channels(LayerChannels layer) {
    return layer.graph().joined(layer.inputs());
  }
}
