package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.espalier.configs.LayerKinds.Settings;
import io.espalier.configs.Rules;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.PruningConstraint;
import io.espalier.trainer.engine.Constant;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;

/**
 * Which positions of a text hold tokens: {@code 1×1×positions} numbers of tokens in, a sequence of
 * one feature out, 1 at tokens and 0 at padding. {@link Attention} and means over positions read it
 * as their last input, and leave padding out.
 *
 * @param padding the token that fills a text up; {@link DataSizes#NO_PADDING} fits no data
 */
record PaddingMask(int padding) implements Layer {
  static final LayerKind KIND =
      LayerKind.of("padding-mask", PaddingMask.class, PaddingMask::read).withPrefix("mask");

  private static final int FLOAT = 1;

  PaddingMask {
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
  public NDArray forward(Forward pass) {
    NDArray input = pass.input();
    return input
        .reshape(input.getShape().get(0), 1, -1)
        .neq(Constant.beside(input, padding))
        .toType(DataType.FLOAT32, false);
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.PaddingMask(padding);
  }

  @Override
  public String export(OnnxNode node) {
    boolean given = node.graph().takesTokens();
    String from = given ? OnnxGraphWriter.MASK : node.input();
    String shape = node.longs("shape", 0, 1, node.output().positions());
    String flat = node.part("flat", "Reshape", from, shape);
    if (given) {
      return node.whole("Cast", List.of(flat), new Attributes().with("to", FLOAT));
    }
    String padded = node.part("padded", "Equal", flat, node.scalar("padding", padding));
    String tokens = node.part("tokens", "Not", padded);
    return node.whole("Cast", List.of(tokens), new Attributes().with("to", FLOAT));
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
