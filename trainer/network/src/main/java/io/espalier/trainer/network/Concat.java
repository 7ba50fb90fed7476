package io.espalier.trainer.network;

import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import java.util.List;

/** Two or more inputs behind one another along their channels or features. */
public record Concat() implements Layer {
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
  public ChannelPort channels(LayerChannels layer) {
    return layer.graph().joined(layer.inputs());
  }
}
