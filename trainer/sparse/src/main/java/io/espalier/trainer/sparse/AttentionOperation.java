package io.espalier.trainer.sparse;

import io.espalier.trainer.network.Attention;
import java.util.List;

/**
 * Scaled dot-product attention of several heads, of four queries at a time. Weights {@code [head,
 * query, key, batch]} of a pass that trains are kept for the backward pass, which writes the
 * gradients of products over them; inference keeps those of four queries only. Weights of keys
 * behind a query's own, where attention is causal, have no meaning.
 */
final class AttentionOperation extends Operation {
  /** Hides a key, and leaves a text of padding only with finite weights. */
  private static final float HIDDEN = -1e30f;

  /** Queries, or keys, whose sums are computed side by side. */
  static final int QUERIES = 4;

  private final int headSize;
  private final boolean causal;
  private final int heads;
  private final int sharing;
  private final float scale;
  private final boolean keepsAll;
  private final float[] weights;
  private final float[] hidden;

  /**
   * @param sources queries, keys and values, and perhaps a mask
   * @param keepsAll whether a backward pass may follow
   */
  AttentionOperation(
      List<Source> sources, Tensor out, Attention layer, boolean keepsAll, int batch) {
    super(sources, out);
    headSize = layer.headSize();
    causal = layer.causal();
    heads = out.channels / headSize;
    sharing = out.channels / sources.get(1).tensor.channels;
    scale = (float) (1 / Math.sqrt(headSize));
    this.keepsAll = keepsAll;
    int row = out.width * batch;
    long all = (long) row * (keepsAll ? heads * out.width : Math.min(QUERIES, out.width));
    if (all > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException(
          "the weights of attention must be at most 2147483583: heads=%d, positions=%d, batch=%d"
                  .formatted(heads, out.width, batch)
              + "; use smaller batches");
    }
    weights = new float[keepsAll ? (int) all : 0];
    hidden = new float[sources.size() > 3 ? row : 0];
  }

  private int keys(int query) {
    return causal ? query + 1 : out.width;
  }

  private int firstQuery(int key) {
    return causal ? key : 0;
  }

  private int weightAt(int head, int query, int size) {
    int row = keepsAll ? head * out.width + query : query % QUERIES;
    return row * out.width * size;
  }

  private Tensor tensor(int input) {
    return sources.get(input).tensor;
  }

  /** The first feature of a head of queries, or of the keys and values that it shares. */
  private int feature(int head, boolean shared) {
    return (shared ? head / sharing : head) * headSize;
  }

  @Override
  long macs() {
    return 0;
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    int size = batch.size();
    if (hidden.length > 0) {
      if (part.isFirst()) {
        hide(size);
      }
      part.meet();
    }
    for (int head = firstHead(part); head < endHead(part); head++) {
      for (int query = 0; query < out.width; query += QUERIES) {
        weigh(part, head, query, size);
        mean(part, head, query, size);
      }
    }
  }

  @Override
  boolean isDivided() {
    return true;
  }

  /** The first head of a part, to which all heads belong that share keys and values with it. */
  private int firstHead(Part part) {
    return part.from(heads / sharing) * sharing;
  }

  private int endHead(Part part) {
    return part.to(heads / sharing) * sharing;
  }

  /** The weights of a part's heads. */
  private float[] weights(Part part, int size) {
    return keepsAll ? weights : scratch(part, size);
  }

  /** Values of some queries with all keys. */
  private float[] scratch(Part part, int size) {
    return part.scratch(Math.min(QUERIES, out.width) * out.width * size);
  }

  /** How many queries, or keys, are computed with the one at {@code first}. */
  private int rows(int first) {
    return Math.min(QUERIES, out.width - first);
  }

  /** Sets the terms that are added to products with each key: 0, or a number that hides the key. */
  private void hide(int size) {
    Tensor mask = tensor(3);
    int at = mask.at(0, 0, 0, size);
    for (int i = 0; i < out.width * size; i++) {
      hidden[i] = (1 - mask.values()[at + i]) * HIDDEN;
    }
  }

  private void weigh(Part part, int head, int query, int size) {
    Tensor queries = tensor(0);
    int rows = rows(query);
    float[] weights = weights(part, size);
    part.kernels()
        .positionRows()
        .sum(
            withKeys(part, tensor(1), head, query, size)
                .x(
                    queries.values(),
                    queries.at(feature(head, false), 0, query, size),
                    size,
                    queries.plane() * size)
                .to(weights, weightAt(head, query, size), out.width * size, size)
                .clear());
    for (int each = query; each < query + rows; each++) {
      int at = weightAt(head, each, size);
      int count = keys(each) * size;
      part.kernels().rows().multiple(weights, at, scale, weights, at, count, false);
      if (hidden.length > 0) {
        part.kernels().rows().add(hidden, 0, weights, at, count);
      }
      part.kernels().positionRows().softmax(weights, at, keys(each), size);
    }
  }

  /** Products of queries with keys, or of gradients with values. */
  private LaneProducts withKeys(Part part, Tensor keys, int head, int query, int size) {
    int rows = rows(query);
    return part.products
        .of(rows, headSize, keys(query + rows - 1), size)
        .y(keys.values(), keys.at(feature(head, true), 0, 0, size), keys.plane() * size, size);
  }

  private void mean(Part part, int head, int query, int size) {
    int at = out.at(feature(head, false), 0, query, size);
    sumOfKeys(part, tensor(2), head, query, size, out.values(), at, out.plane() * size, true);
  }

  /**
   * Sums keys or values, weighted, for several queries: first of the keys that all of them see,
   * then for each query of the others.
   */
  private void sumOfKeys(
      Part part,
      Tensor of,
      int head,
      int query,
      int size,
      float[] to,
      int toAt,
      int toPlane,
      boolean clears) {
    int rows = rows(query);
    float[] weights = weights(part, size);
    int shared = keys(query);
    int row = out.width * size;
    int at = weightAt(head, query, size);
    int from = of.at(feature(head, true), 0, 0, size);
    int plane = of.plane() * size;
    part.products
        .of(rows, shared, headSize, size)
        .x(weights, at, row, size)
        .y(of.values(), from, size, plane)
        .to(to, toAt, size, toPlane);
    part.kernels().positionRows().sum(clears ? part.products.clear() : part.products);
    for (int each = 1; causal && each < rows; each++) {
      int own = at + each * row + shared * size;
      part.kernels()
          .positionRows()
          .sum(
              part.products
                  .of(1, each, headSize, size)
                  .x(weights, own, row, size)
                  .y(of.values(), from + shared * size, size, plane)
                  .to(to, toAt + each * size, size, toPlane));
    }
  }

  @Override
  void backward(BatchTiles batch, Part part) {
    int size = batch.size();
    for (int input = 0; input < 3; input++) {
      if (sources.get(input).needed) {
        sources.get(input).begin(batch, part);
      }
    }
    part.meet();
    for (int head = firstHead(part); head < endHead(part); head++) {
      if (sources.get(2).needed) {
        addByQueries(
            part,
            head,
            size,
            sources.get(2),
            out.gradient(),
            out.gradientAt(0, 0, 0, size),
            out.gradientPlane() * size);
      }
      for (int query = 0; query < out.width; query += QUERIES) {
        productGradients(part, head, query, size);
        if (sources.get(0).needed) {
          queryGradient(part, head, query, size);
        }
      }
      if (sources.get(1).needed) {
        Tensor queries = tensor(0);
        addByQueries(
            part,
            head,
            size,
            sources.get(1),
            queries.values(),
            queries.at(0, 0, 0, size),
            queries.plane() * size);
      }
    }
    part.meet();
    for (int input = 0; input < 3; input++) {
      sources.get(input).finish(batch, part);
    }
  }

  /** Adds to keys or values what all queries give them: weights times the queries' own rows. */
  private void addByQueries(
      Part part, int head, int size, Source shared, float[] rows, int rowsAt, int rowsPlane) {
    Tensor to = shared.tensor;
    int row = out.width * size;
    int from = rowsAt + feature(head, false) * rowsPlane;
    for (int key = 0; key < out.width; key += QUERIES) {
      int keys = rows(key);
      int first = firstQuery(key + keys - 1);
      int at = to.gradientAt(feature(head, true), 0, key, size);
      int plane = to.gradientPlane() * size;
      for (int each = 0; causal && each < keys - 1; each++) {
        int own = key + each;
        part.kernels()
            .positionRows()
            .sum(
                part.products
                    .of(1, first - own, headSize, size)
                    .x(weights, weightAt(head, own, size) + own * size, size, row)
                    .y(rows, from + own * size, size, rowsPlane)
                    .to(to.gradient(), at + each * size, size, plane));
      }
      part.kernels()
          .positionRows()
          .sum(
              part.products
                  .of(keys, out.width - first, headSize, size)
                  .x(weights, weightAt(head, first, size) + key * size, size, row)
                  .y(rows, from + first * size, size, rowsPlane)
                  .to(to.gradient(), at, size, plane));
    }
  }

  /** Replaces the weights of queries by the gradients of their products. */
  private void productGradients(Part part, int head, int query, int size) {
    int row = out.width * size;
    float[] gradients = scratch(part, size);
    part.kernels()
        .positionRows()
        .sum(
            withKeys(part, tensor(2), head, query, size)
                .x(
                    out.gradient(),
                    out.gradientAt(feature(head, false), 0, query, size),
                    size,
                    out.gradientPlane() * size)
                .to(gradients, 0, row, size)
                .clear());
    for (int each = 0; each < rows(query); each++) {
      int at = weightAt(head, query + each, size);
      part.kernels()
          .positionRows()
          .softmaxGradient(gradients, each * row, weights, at, keys(query + each), size, scale);
    }
  }

  private void queryGradient(Part part, int head, int query, int size) {
    Tensor to = tensor(0);
    int at = to.gradientAt(feature(head, false), 0, query, size);
    sumOfKeys(
        part, tensor(1), head, query, size, to.gradient(), at, to.gradientPlane() * size, false);
  }
}
