package io.espalier.trainer.network;

import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import java.util.List;

/** All values of an example as one vector, row-major. */
public record Flatten() implements Layer {
  static final LayerKind KIND = LayerKind.of("flatten", Flatten.class, Flatten::new);

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return TensorShape.vector(inputs.get(0).size());
  }

  @Override
  public ChannelPort channels(LayerChannels layer) {
    TensorShape input = layer.shape();
    return layer.graph().repeated(layer.input(), input.size() / input.channels());
  }
}
