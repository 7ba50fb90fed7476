package io.espalier.trainer.network;

import io.espalier.configs.LayerKinds.Settings;
import io.espalier.configs.Rules;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import java.util.List;

/**
 * Normalises blocks of consecutive channels per example, with biased variance (Wu and He, "Group
 * Normalization", 2018); scale and shift {@code [channels]}, no running statistics. One group is
 * layer norm (Ba, Kiros and Hinton, "Layer Normalization", 2016), as many as channels instance norm
 * (Ulyanov, Vedaldi and Lempitsky, 2016). On vectors, groups should have four features or more: two
 * values keep little but their order, and nearly no gradient.
 *
 * @param epsilon above 0, as a block may be all 0
 */
public record GroupNorm(int groups, float epsilon) implements Layer, MixingLayer, NormLayer {
  static final LayerKind KIND =
      LayerKind.of("group-norm", GroupNorm.class, GroupNorm::read).withPrefix("norm");
  static final LayerKind LAYER_NORM =
      LayerKind.onlyInRecipes("layer-norm", "norm", () -> new GroupNorm(1, EPSILON));

  public GroupNorm {
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
  public ChannelMixing mixing(int channels) {
    return new ChannelMixing(false, 1, channels / groups);
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return false;
  }
}
