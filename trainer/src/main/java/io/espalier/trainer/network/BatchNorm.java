package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;
import java.util.Optional;

/**
 * Batch normalisation over all axes but the channels (Ioffe and Szegedy, "Batch Normalization:
 * Accelerating Deep Network Training by Reducing Internal Covariate Shift", 2015); parameters
 * {@code [channels]}; {@code epsilon} is added to the variance before the root.
 */
record BatchNorm(float epsilon) implements Layer {
  static final LayerKind KIND =
      LayerKind.of("batch-norm", BatchNorm.class, () -> new BatchNorm(EPSILON)).withPrefix("norm");

  BatchNorm {
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
  public NDArray forward(Forward pass) {
    if (pass.training() && pass.foldsNorms() && FoldedBatchNorm.isFaster(pass.input().getShape())) {
      return FoldedBatchNorm.forward(pass, epsilon);
    }
    NDArray scale = pass.parameter(0);
    NDArray shift = pass.parameter(1);
    NDArray mean = pass.parameter(2);
    NDArray variance = pass.parameter(3);
    return ai.djl.nn.norm.BatchNorm.batchNorm(
            pass.input(),
            mean,
            variance,
            scale,
            shift,
            1,
            pass.normMomentum(),
            epsilon,
            pass.training())
        .singletonOrThrow();
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.BatchNorm(epsilon);
  }

  @Override
  public String export(OnnxNode node) {
    return node.operation("BatchNormalization", new Attributes().with("epsilon", epsilon));
  }

  @Override
  public Optional<ChannelUse> use(int channels) {
    return Optional.of(new ChannelUse(false, 1, 1));
  }

  @Override
  public boolean normalises() {
    return true;
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return false;
  }
}
