package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.PruningConstraint;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;
import java.util.Optional;

/**
 * Learned features of each position of a sequence, whatever its values, to be added to it; weight
 * {@code [features, positions]} (Gehring, Auli, Grangier, Yarats and Dauphin, "Convolutional
 * Sequence to Sequence Learning", 2017).
 */
record PositionEmbedding() implements Layer {
  static final LayerKind KIND =
      LayerKind.of("position-embedding", PositionEmbedding.class, PositionEmbedding::new)
          .withPrefix("positions");

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return inputs.get(0).requireSequence();
  }

  @Override
  public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
    return LayerParameters.weights(node, inputs.get(0).dimensions(), 1, false, 0);
  }

  @Override
  public NDArray forward(Forward pass) {
    return pass.parameter(0).expandDims(0).broadcast(pass.input().getShape());
  }

  @Override
  public Optional<Patches> patches() {
    return Optional.of(Patches.PLACES);
  }

  @Override
  public NDArray weighed(NDArray input) {
    long examples = input.getShape().get(0);
    int positions = Math.toIntExact(input.getShape().get(2));
    return input
        .getManager()
        .eye(positions)
        .expandDims(0)
        .broadcast(examples, positions, positions);
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.PositionEmbedding();
  }

  @Override
  public String export(OnnxNode node) {
    String shape = node.part("shape", "Shape", node.input());
    return node.whole("Expand", node.parameters().get(0), shape);
  }

  @Override
  public ChannelPort channels(LayerChannels layer) {
    ChannelPort positions = layer.graph().channels(layer.shape().positions());
    layer.graph().forbid(positions, PruningConstraint.NETWORK_INPUT);
    return layer.connected(layer.graph().channels(layer.shape().channels()), positions);
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return true;
  }
}
