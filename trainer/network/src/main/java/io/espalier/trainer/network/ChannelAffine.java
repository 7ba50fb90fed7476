package io.espalier.trainer.network;

import java.util.List;
import java.util.Optional;

/** {@code scale · value + shift}; either or both are trained, {@code [channels]}. */
public record ChannelAffine(boolean scaled, boolean shifted) implements Layer, BiasableLayer {
  static final LayerKind KIND = LayerKind.onlyStored("channel-affine", ChannelAffine.class);

  public ChannelAffine {
    if (!scaled && !shifted) {
      throw new IllegalArgumentException("it must scale or shift: scaled=false, shifted=false");
    }
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return inputs.get(0).requireNoSequence();
  }

  @Override
  public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
    return LayerParameters.scaleAndShift(node, inputs).subList(scaled ? 0 : 1, shifted ? 2 : 1);
  }

  @Override
  public Optional<Layer> withBias() {
    return shifted ? Optional.empty() : Optional.of(new ChannelAffine(true, true));
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return !shifted && !inputs.contains(false);
  }
}
