package io.espalier.trainer.network;

import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.PruningConstraint;
import java.util.List;

/**
 * A sequence behind one more position, whose features are learned and the same for all examples;
 * weight {@code [features, 1]}. After blocks of attention they classify the sequence (Dosovitskiy
 * et al., "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale", 2021).
 */
public record ClassToken() implements Layer, WeightedLayer {
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
  public ChannelPort channels(LayerChannels layer) {
    ChannelPort position = layer.graph().channels(1);
    layer.graph().forbid(position, PruningConstraint.NETWORK_INPUT);
    return layer.connected(layer.input(), position);
  }
}
