package io.espalier.trainer.network;

import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import java.util.List;

/**
 * Mean of a sequence's features over its positions; the output is a vector. A {@link PaddingMask}
 * as the second input leaves padding out; the mean of a text without tokens is 0.
 */
public record MeanPool() implements Layer {
  static final LayerKind KIND =
      LayerKind.of("mean-pool", MeanPool.class, MeanPool::new).joining(1, 2).withPrefix("pool");

  @Override
  public boolean takes(int inputs) {
    return KIND.takes(inputs);
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    TensorShape sequence = inputs.get(0).requireSequence();
    inputs.stream().skip(1).forEach(mask -> PaddingMask.requireFit(mask, sequence));
    return TensorShape.vector(sequence.channels());
  }

  @Override
  public ChannelPort channels(LayerChannels layer) {
    return layer.input();
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return inputs.get(0);
  }
}
