package io.espalier.trainer.network;

import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.PruningConstraint;
import java.util.List;

/**
 * Normalises the features of each position of a sequence: layer norm (Ba, Kiros and Hinton, "Layer
 * Normalization", 2016), or, not centred, RMS norm (Zhang and Sennrich, "Root Mean Square Layer
 * Normalization", 2019). Scale {@code [features]}; shift {@code [features]} if centred.
 *
 * @param width features that means are taken over; those that were cut count as 0, so that a cut
 *     changes no output; 0 for as many as there are
 * @param epsilon above 0, as a position may be all 0
 */
public record PositionNorm(boolean centred, int width, float epsilon)
    implements Layer, MixingLayer, NormLayer {
  static final LayerKind KIND =
      LayerKind.of("position-norm", PositionNorm.class, () -> new PositionNorm(true, 0, EPSILON))
          .withPrefix("norm");
  static final LayerKind RMS_NORM =
      LayerKind.onlyInRecipes("rms-norm", "norm", () -> new PositionNorm(false, 0, EPSILON));

  public PositionNorm {
    LayerParameters.requireFinite("epsilon", epsilon);
    if (width < 0 || epsilon <= 0) {
      throw new IllegalArgumentException(
          "width must be 0 or more, epsilon above 0: width=%d, epsilon=%s"
              .formatted(width, epsilon));
    }
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    TensorShape input = inputs.get(0).requireSequence();
    if (width > 0 && width < input.channels()) {
      throw new TensorShape.MismatchException(
          "from",
          "its input must have at most as many features as it was made for: width=%d, input=%s"
              .formatted(width, input));
    }
    return input;
  }

  @Override
  public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
    return LayerParameters.scaleAndShift(node, inputs).subList(0, centred ? 2 : 1);
  }

  /** The share of the features that are left. */
  public float share(long features) {
    return width == 0 ? 1 : (float) features / width;
  }

  /** Features that pruning does not set to 0 in front of it would still count in its means. */
  @Override
  public ChannelPort channels(LayerChannels layer) {
    if (!layer.zeros()) {
      layer.graph().forbid(layer.input(), PruningConstraint.NORMALISED_TOGETHER);
    }
    return layer.perChannel(layer.input());
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return !centred && !inputs.contains(false);
  }

  @Override
  public Layer narrowed(int channels, int left) {
    return new PositionNorm(centred, width == 0 ? channels : width, epsilon);
  }

  @Override
  public ChannelMixing mixing(int channels) {
    return new ChannelMixing(false, 1, 1);
  }
}
