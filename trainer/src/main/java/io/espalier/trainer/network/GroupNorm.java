package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.LayerNorm;
import io.espalier.configs.LayerKinds.Settings;
import io.espalier.configs.Rules;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Normalises blocks of consecutive channels per example, with biased variance (Wu and He, "Group
 * Normalization", 2018); scale and shift {@code [channels]}, no running statistics. One group is
 * layer norm (Ba, Kiros and Hinton, "Layer Normalization", 2016), as many as channels instance norm
 * (Ulyanov, Vedaldi and Lempitsky, 2016). On vectors, groups should have four features or more: two
 * values keep little but their order, and nearly no gradient.
 *
 * @param epsilon above 0, as a block may be all 0
 */
record GroupNorm(int groups, float epsilon) implements Layer {
  static final LayerKind KIND =
      LayerKind.of("group-norm", GroupNorm.class, GroupNorm::read).withPrefix("norm");
  static final LayerKind LAYER_NORM =
      LayerKind.onlyInRecipes("layer-norm", "norm", () -> new GroupNorm(1, EPSILON));

  GroupNorm {
    LayerParameters.requirePositive("groups", groups);
    LayerParameters.requireFinite("epsilon", epsilon);
    if (epsilon <= 0) {
      throw new IllegalArgumentException("epsilon must be above 0: epsilon=" + epsilon);
    }
  }

  private static LayerKind.Maker read(Settings settings) {
    int groups =
        settings.required(
            "groups", "the number of blocks of channels that are normalised apart, such as 4");
    new Rules().require("groups", groups, groups >= 1, "1 or more").verify();
    return sizes -> new GroupNorm(groups, EPSILON);
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    TensorShape input = inputs.get(0).requireNoSequence();
    if (input.channels() % groups != 0) {
      throw new TensorShape.MismatchException(
          "groups",
          "its groups must divide its channels: groups=%d, input=%s".formatted(groups, input));
    }
    if (input.size() == groups) {
      throw new TensorShape.MismatchException(
          groups == 1 ? "from" : "groups",
          "each of its groups must have two values or more: groups=%d, input=%s"
              .formatted(groups, input));
    }
    return input;
  }

  @Override
  public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
    return LayerParameters.scaleAndShift(node, inputs);
  }

  /** The engine normalises rows in one go, forward and backward; a row is one group. */
  @Override
  public NDArray forward(Forward pass) {
    NDArray input = pass.input();
    NDArray scale = pass.parameter(0);
    NDArray shift = pass.parameter(1);
    Shape shape = input.getShape();
    if (groups == 1 && shape.dimension() == 2) {
      return normaliseRows(input, scale, shift);
    }
    long rows = shape.get(0) * groups;
    NDManager manager = input.getManager();
    Shape row = new Shape(shape.size() / rows);
    try (NDArray apart = input.reshape(rows, row.size());
        NDArray ones = manager.ones(row);
        NDArray zeros = manager.zeros(row);
        NDArray normalised = normaliseRows(apart, ones, zeros);
        NDArray together = normalised.reshape(shape);
        NDArray scaled = together.mul(Forward.perChannel(scale, together))) {
      return scaled.add(Forward.perChannel(shift, together));
    }
  }

  private NDArray normaliseRows(NDArray rows, NDArray scale, NDArray shift) {
    Shape row = new Shape(rows.getShape().get(1));
    return LayerNorm.layerNorm(rows, row, scale, shift, epsilon).singletonOrThrow();
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.GroupNorm(groups, epsilon);
  }

  /** Opset 17 has no group norm: instances are normalised, whose channels are the groups. */
  @Override
  public String export(OnnxNode node) {
    Attributes attributes = new Attributes().with("epsilon", epsilon);
    if (node.output().isVector() && groups == 1) {
      return node.operation("LayerNormalization", attributes.with("axis", 1));
    }
    String apart = node.part("apart", "Reshape", node.input(), node.longs("groups", 0, groups, -1));
    float[] ones = new float[groups];
    Arrays.fill(ones, 1);
    String one = node.floats("ones", ones);
    String zero = node.floats("zeros", new float[groups]);
    String normalised =
        node.part("normalised", "InstanceNormalization", List.of(apart, one, zero), attributes);
    LongStream dimensions = node.output().dimensions().stream().mapToLong(Integer::longValue);
    long[] shape = LongStream.concat(LongStream.of(0), dimensions).toArray();
    String together = node.part("together", "Reshape", normalised, node.longs("shape", shape));
    return node.scaledAndShifted(together, true);
  }

  @Override
  public ChannelPort channels(LayerChannels layer) {
    ChannelPort port = layer.perChannel(layer.input());
    layer.graph().unitedBlocks(port, groups);
    return port;
  }

  @Override
  public Layer narrowed(int channels, int left) {
    return new GroupNorm(left / (channels / groups), epsilon);
  }

  @Override
  public Optional<ChannelUse> use(int channels) {
    return Optional.of(new ChannelUse(false, 1, channels / groups));
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
