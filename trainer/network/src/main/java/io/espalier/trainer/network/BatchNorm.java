package io.espalier.trainer.network;

import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.List;

/**
 * Batch normalisation over all axes but the channels (Ioffe and Szegedy, "Batch Normalization:
 * Accelerating Deep Network Training by Reducing Internal Covariate Shift", 2015); parameters
 * {@code [channels]}; {@code epsilon} is added to the variance before the root.
 */
public record BatchNorm(float epsilon) implements Layer, MixingLayer, NormLayer {
  /** Share of a running statistic that survives one training pass by default. */
  public static final float MOMENTUM = 0.9f;

  static final LayerKind KIND =
      LayerKind.of("batch-norm", BatchNorm.class, () -> new BatchNorm(EPSILON)).withPrefix("norm");

  public BatchNorm {
    LayerParameters.requireFinite("epsilon", epsilon);
    if (epsilon < 0) {
      throw new IllegalArgumentException("epsilon must be 0 or more: epsilon=" + epsilon);
    }
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return inputs.get(0).requireNoSequence();
  }

  @Override
  public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
    int channels = inputs.get(0).channels();
    return List.of(
        LayerParameters.vector(node + ".scale", channels, Role.NORM_SCALE),
        LayerParameters.vector(node + ".shift", channels, Role.NORM_SHIFT),
        LayerParameters.vector(node + ".mean", channels, Role.RUNNING_MEAN),
        LayerParameters.vector(node + ".variance", channels, Role.RUNNING_VARIANCE));
  }

  @Override
  public ChannelMixing mixing(int channels) {
    return new ChannelMixing(false, 1, 1);
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return false;
  }
}
