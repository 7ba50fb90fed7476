package io.espalier.trainer.network;

import io.espalier.configs.LayerKinds.Settings;
import io.espalier.configs.Rules;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import java.util.Arrays;
import java.util.List;

/**
 * Scaled dot-product attention of several heads: at each position the mean of values, weighed by
 * {@code softmax(query · key / √headSize)} (Vaswani et al., "Attention Is All You Need", 2017).
 * Reads queries, keys and values, {@code [heads · headSize, positions]}, which linear layers give;
 * another one reads its output. A {@link PaddingMask} as the fourth input hides padding from all
 * queries. Keys and values may have fewer heads: each then serves as many consecutive heads of
 * queries (Ainslie et al., "GQA: Training Generalized Multi-Query Transformer Models from
 * Multi-Head Checkpoints", 2023). A head of keys is cut with all that belongs to it.
 *
 * @param causal whether a position reads itself and earlier ones only
 */
public record Attention(int headSize, boolean causal) implements Layer, StoresIntermediates {
  static final LayerKind KIND =
      LayerKind.of("attention", Attention.class, Attention::read).joining(3, 4);

  /** Hides a key, and leaves a text of padding only with finite weights. */
  public static final float HIDDEN = -1e30f;

  public Attention {
    LayerParameters.requirePositive("headSize", headSize);
  }

  private static LayerKind.Maker read(Settings settings) {
    int headSize = settings.required("head-size", "features of a head, such as 32");
    boolean causal = settings.flag("causal", true);
    new Rules().require("head-size", headSize, headSize >= 1, "1 or more").verify();
    return sizes -> new Attention(headSize, causal);
  }

  static TensorShape requireHeads(TensorShape input, int headSize) {
    if (input.requireSequence().channels() % headSize != 0) {
      throw new TensorShape.MismatchException(
          "head-size",
          "its features must be those of whole heads: head-size=%d, input=%s"
              .formatted(headSize, input));
    }
    return input;
  }

  @Override
  public boolean takes(int inputs) {
    return KIND.takes(inputs);
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    inputs.subList(0, 3).forEach(each -> requireHeads(each, headSize));
    TensorShape queries = inputs.get(0);
    TensorShape keys = inputs.get(1);
    if (!keys.equals(inputs.get(2))
        || queries.positions() != keys.positions()
        || queries.channels() % keys.channels() != 0) {
      throw new TensorShape.MismatchException(
          "from",
          "keys and values must have one shape, whose heads divide those of the queries: inputs="
              + inputs);
    }
    inputs.stream().skip(3).forEach(mask -> PaddingMask.requireFit(mask, queries));
    return queries;
  }

  /** Products, their softmax and its gradient, and those that a mask was added to. */
  @Override
  public long intermediates(List<TensorShape> inputs) {
    TensorShape queries = inputs.get(0);
    long positions = queries.positions();
    long maps = 3L + (causal ? 1 : 0) + (inputs.size() - 3);
    return maps * (queries.channels() / headSize) * positions * positions;
  }

  /** The factor of products. */
  public double scale() {
    return 1 / Math.sqrt(headSize);
  }

  /** Added to products, {@code [sharing · positions, positions]}: hides what comes later. */
  public static float[] hidden(int positions, int sharing) {
    float[] values = new float[sharing * positions * positions];
    for (int row = 0; row < sharing * positions; row++) {
      int own = row * positions + row % positions;
      Arrays.fill(values, own + 1, (row + 1) * positions, Float.NEGATIVE_INFINITY);
    }
    return values;
  }

  @Override
  public ChannelPort channels(LayerChannels layer) {
    layer.graph().heads(layer.inputs().subList(0, 3), layer.inputs().get(1).size() / headSize);
    return layer.input();
  }
}
