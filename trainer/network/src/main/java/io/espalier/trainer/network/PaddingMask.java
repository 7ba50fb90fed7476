package io.espalier.trainer.network;

import io.espalier.configs.LayerKinds.Settings;
import io.espalier.configs.Rules;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.PruningConstraint;
import java.util.List;

/**
 * Which positions of a text hold tokens: {@code 1×1×positions} numbers of tokens in, a sequence of
 * one feature out, 1 at tokens and 0 at padding. {@link Attention} and means over positions read it
 * as their last input, and leave padding out.
 *
 * @param padding the token that fills a text up; {@link DataSizes#NO_PADDING} fits no data
 */
public record PaddingMask(int padding) implements Layer, ReadsTokens {
  static final LayerKind KIND =
      LayerKind.of("padding-mask", PaddingMask.class, PaddingMask::read).withPrefix("mask");

  public PaddingMask {
    if (padding < DataSizes.NO_PADDING) {
      throw new IllegalArgumentException("padding must be 0 or more: padding=" + padding);
    }
  }

  private static LayerKind.Maker read(Settings settings) {
    int padding = settings.whole("padding", DataSizes.NO_PADDING);
    new Rules()
        .require(
            "padding",
            padding,
            padding >= DataSizes.NO_PADDING,
            "0 or more, or left away for the token of the data")
        .verify();
    return sizes -> new PaddingMask(padding == DataSizes.NO_PADDING ? sizes.padding() : padding);
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    int positions = TokenEmbedding.positions(inputs.get(0));
    if (padding == DataSizes.NO_PADDING) {
      throw new TensorShape.MismatchException(
          "padding",
          "data must have a token that fills texts up, as labelled-text has: take such data, leave"
              + " the mask away, or name a token");
    }
    return TensorShape.sequence(1, positions);
  }

  /** Requires a mask of as many positions as a sequence has. */
  static void requireFit(TensorShape mask, TensorShape sequence) {
    if (!mask.equals(TensorShape.sequence(1, sequence.positions()))) {
      throw new TensorShape.MismatchException(
          "from",
          "its last input must be the padding-mask of its sequence: mask=%s, sequence=%s"
              .formatted(mask, sequence));
    }
  }

  @Override
  public ChannelPort channels(LayerChannels layer) {
    ChannelPort one = layer.graph().channels(1);
    layer.graph().forbid(one, PruningConstraint.NETWORK_INPUT);
    return one;
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return true;
  }
}
