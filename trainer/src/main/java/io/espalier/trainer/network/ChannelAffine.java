package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;
import java.util.Optional;

/** {@code scale · value + shift}; either or both are trained, {@code [channels]}. */
record ChannelAffine(boolean scaled, boolean shifted) implements Layer {
  static final LayerKind KIND = LayerKind.onlyStored("channel-affine", ChannelAffine.class);

  ChannelAffine {
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
  public NDArray forward(Forward pass) {
    NDArray result = pass.input();
    for (int i = 0; i < pass.parameters().size(); i++) {
      NDArray each = Forward.perChannel(pass.parameter(i), result);
      result = scaled && i == 0 ? result.mul(each) : result.add(each);
    }
    return result;
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.ChannelAffine(scaled, shifted);
  }

  @Override
  public String export(OnnxNode node) {
    return node.scaledAndShifted(node.input(), scaled);
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
