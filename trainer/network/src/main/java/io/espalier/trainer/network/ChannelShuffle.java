package io.espalier.trainer.network;

import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import java.util.List;

/**
 * Deals out channels: the first of each of {@code groups} blocks, then the second of each (Zhang,
 * Zhou, Lin and Sun, "ShuffleNet", 2017). With blocks of n channels, output {@code j · groups + i}
 * is input {@code i · n + j}.
 */
public record ChannelShuffle(int groups) implements Layer {
  static final LayerKind KIND = LayerKind.onlyStored("channel-shuffle", ChannelShuffle.class);

  public ChannelShuffle {
    LayerParameters.requirePositive("groups", groups);
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    TensorShape input = inputs.get(0);
    if (input.channels() % groups != 0) {
      throw new TensorShape.MismatchException(
          "groups",
          "its groups must divide its channels: groups=%d, input=%s".formatted(groups, input));
    }
    return input;
  }

  /** Blocks stay of one length: they lose the channels in the same place. */
  @Override
  public ChannelPort channels(LayerChannels layer) {
    ChannelPort unused = layer.graph().tiedParts(layer.input(), groups);
    return layer.graph().transposed(layer.input(), groups);
  }
}
