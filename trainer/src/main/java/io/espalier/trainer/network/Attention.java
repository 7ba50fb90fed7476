package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.espalier.configs.LayerKinds.Settings;
import io.espalier.configs.Rules;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.trainer.engine.Constant;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.SparseLayer;
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
record Attention(int headSize, boolean causal) implements Layer {
  static final LayerKind KIND =
      LayerKind.of("attention", Attention.class, Attention::read).joining(3, 4);

  /** Hides a key, and leaves a text of padding only with finite weights. */
  private static final float HIDDEN = -1e30f;

  Attention {
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

  /**
   * Products run over all heads of all examples in one batch, whose rows are positions: in the
   * memory of a sequence, a row is whole.
   */
  @Override
  public NDArray forward(Forward pass) {
    NDArray queries = pass.input();
    Shape shape = queries.getShape();
    long examples = shape.get(0);
    long positions = shape.get(2);
    long heads = pass.inputs().get(1).getShape().get(1) / headSize;
    long sharing = shape.get(1) / headSize / heads;
    NDArray asked = rows(queries, heads).mul(Constant.beside(queries, scale()));
    NDArray keys = rows(pass.inputs().get(1), heads);
    NDArray values = rows(pass.inputs().get(2), heads);
    NDArray products = asked.batchMatMul(keys.transpose(0, 2, 1));
    if (causal) {
      int length = Math.toIntExact(positions);
      products =
          products.add(
              queries
                  .getManager()
                  .create(
                      hidden(length, Math.toIntExact(sharing)),
                      new Shape(sharing * positions, positions)));
    }
    if (pass.inputs().size() > 3) {
      products =
          products
              .reshape(examples, heads, -1, positions)
              .add(ofPadding(pass.inputs().get(3)))
              .reshape(examples * heads, -1, positions);
    }
    return products
        .softmax(2)
        .batchMatMul(values)
        .reshape(examples, heads * sharing, positions, headSize)
        .transpose(0, 2, 1, 3)
        .reshape(examples, positions, shape.get(1))
        .transpose(0, 2, 1);
  }

  /** A sequence as {@code [examples · heads, sharing · positions, headSize]}. */
  private NDArray rows(NDArray sequence, long heads) {
    Shape shape = sequence.getShape();
    long positions = shape.get(2);
    return sequence
        .transpose(0, 2, 1)
        .reshape(shape.get(0), positions, -1, headSize)
        .transpose(0, 2, 1, 3)
        .reshape(shape.get(0) * heads, -1, headSize);
  }

  /** Products, their softmax and its gradient, and those that a mask was added to. */
  @Override
  public long intermediates(List<TensorShape> inputs) {
    TensorShape queries = inputs.get(0);
    long positions = queries.positions();
    long maps = 3L + (causal ? 1 : 0) + (inputs.size() - 3);
    return maps * (queries.channels() / headSize) * positions * positions;
  }

  /** Added to products, {@code [examples, 1, 1, positions]}. */
  private static NDArray ofPadding(NDArray mask) {
    return Constant.beside(mask, 1).sub(mask).mul(Constant.beside(mask, HIDDEN)).expandDims(1);
  }

  private double scale() {
    return 1 / Math.sqrt(headSize);
  }

  /** Added to products, {@code [sharing · positions, positions]}: hides what comes later. */
  private static float[] hidden(int positions, int sharing) {
    float[] values = new float[sharing * positions * positions];
    for (int row = 0; row < sharing * positions; row++) {
      int own = row * positions + row % positions;
      Arrays.fill(values, own + 1, (row + 1) * positions, Float.NEGATIVE_INFINITY);
    }
    return values;
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.Attention(headSize, causal);
  }

  @Override
  public String export(OnnxNode node) {
    int positions = node.output().positions();
    int features = node.output().channels();
    int heads = node.shapes().get(1).channels() / headSize;
    int sharing = features / headSize / heads;
    String split =
        node.part(
            "queries.heads",
            "Reshape",
            node.inputs().get(0),
            node.longs("queries.split", 0, heads, sharing, headSize, positions));
    String turned = node.transposed("queries.turned", split, 0, 1, 2, 4, 3);
    String queries =
        node.part(
            "queries",
            "Reshape",
            turned,
            node.longs("queries.shape", 0, heads, (long) sharing * positions, headSize));
    String shape = node.longs("shape", 0, heads, headSize, positions);
    String keys = node.part("keys", "Reshape", node.inputs().get(1), shape);
    String values = node.part("values", "Reshape", node.inputs().get(2), shape);
    String products = node.part("products", "MatMul", queries, keys);
    String scaled = node.part("scaled", "Mul", products, node.scalar("scale", (float) scale()));
    String before =
        causal ? node.part("seen", "Add", scaled, hidden(node, positions, sharing)) : scaled;
    String present =
        node.inputs().size() > 3 ? node.part("present", "Add", before, ofPadding(node)) : before;
    String weights =
        node.part("weights", "Softmax", List.of(present), new Attributes().with("axis", 3));
    String turnedValues = node.transposed("values.turned", values, 0, 1, 3, 2);
    String means = node.part("means", "MatMul", weights, turnedValues);
    String apart =
        node.part(
            "means.heads",
            "Reshape",
            means,
            node.longs("means.split", 0, heads, sharing, positions, headSize));
    String back = node.transposed("means.turned", apart, 0, 1, 2, 4, 3);
    return node.whole("Reshape", back, node.longs("together", 0, features, positions));
  }

  private static String ofPadding(OnnxNode node) {
    String absent = node.part("padding", "Sub", node.scalar("one", 1), node.inputs().get(3));
    String hidden = node.part("padding.hidden", "Mul", absent, node.scalar("lowest", HIDDEN));
    return node.part("padding.keys", "Unsqueeze", hidden, node.longs("padding.axis", 1));
  }

  private static String hidden(OnnxNode node, int positions, int sharing) {
    return node.tensor(
        "hidden", List.of(sharing * positions, positions), hidden(positions, sharing));
  }

  @Override
  public ChannelPort channels(LayerChannels layer) {
    layer.graph().heads(layer.inputs().subList(0, 3), layer.inputs().get(1).size() / headSize);
    return layer.input();
  }
}
