package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.PruningConstraint;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;
import java.util.Optional;

/**
 * A sequence behind one more position, whose features are learned and the same for all examples;
 * weight {@code [features, 1]}. After blocks of attention they classify the sequence (Dosovitskiy
 * et al., "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale", 2021).
 */
record ClassToken() implements Layer {
  static final LayerKind KIND = LayerKind.of("class-token", ClassToken.class, ClassToken::new);

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    TensorShape sequence = inputs.get(0).requireSequence();
    return TensorShape.sequence(sequence.channels(), sequence.positions() + 1);
  }

  @Override
  public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
    return LayerParameters.weights(node, List.of(inputs.get(0).channels(), 1), 1, false, 0);
  }

  @Override
  public NDArray forward(Forward pass) {
    Shape shape = pass.input().getShape();
    return pass.parameter(0)
        .expandDims(0)
        .broadcast(shape.get(0), shape.get(1), 1)
        .concat(pass.input(), 2);
  }

  @Override
  public Optional<Patches> patches() {
    return Optional.of(Patches.PLACES);
  }

  /** 1 at the position that it adds, 0 at all others. */
  @Override
  public NDArray weighed(NDArray input) {
    int positions = Math.toIntExact(input.getShape().get(2)) + 1;
    return input
        .getManager()
        .eye(1, positions, 0, DataType.FLOAT32)
        .expandDims(0)
        .broadcast(input.getShape().get(0), 1, positions);
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.ClassToken();
  }

  @Override
  public String export(OnnxNode node) {
    String batch =
        node.part(
            "batch",
            "Shape",
            List.of(node.input()),
            new Attributes().with("start", 0).with("end", 1));
    String shape =
        node.part(
            "shape",
            "Concat",
            List.of(batch, node.longs("position", node.output().channels(), 1)),
            new Attributes().with("axis", 0));
    String token = node.part("token", "Expand", node.parameters().get(0), shape);
    return node.whole("Concat", List.of(token, node.input()), new Attributes().with("axis", 2));
  }

  @Override
  public ChannelPort channels(LayerChannels layer) {
    ChannelPort position = layer.graph().channels(1);
    layer.graph().forbid(position, PruningConstraint.NETWORK_INPUT);
    return layer.connected(layer.input(), position);
  }
}
