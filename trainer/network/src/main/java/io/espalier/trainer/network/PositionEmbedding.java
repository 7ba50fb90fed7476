package io.espalier.trainer.network;

import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.PruningConstraint;
import java.util.List;

/**
 * Learned features of each position of a sequence, whatever its values, to be added to it; weight
 * {@code [features, positions]} (Gehring, Auli, Grangier, Yarats and Dauphin, "Convolutional
 * Sequence to Sequence Learning", 2017).
 */
public record PositionEmbedding() implements Layer, WeightedLayer {
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
