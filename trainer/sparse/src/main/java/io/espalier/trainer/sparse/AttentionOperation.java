package io.espalier.trainer.sparse;

import io.espalier.trainer.network.Attention;
import java.util.List;

/**
 * Scaled dot-product attention of several heads. Weights {@code [head, query, key, batch]} of a
 * pass that trains are kept for the backward pass, which writes the gradients of products over
 * them; inference keeps those of one query only.
 */
final class AttentionOperation extends Operation {
  /** Hides a key, and leaves a text of padding only with finite weights. */
  private static final float HIDDEN = -1e30f;

  private final int headSize;
  private final boolean causal;
  private final int heads;
  private final int sharing;
  private final float scale;
  private final boolean keepsAll;
  private final Kernels kernels;
  private final LaneProducts products = new LaneProducts();
  private final float[] weights;
  private final float[] hidden;
  private final float[] gradients;
  private final float[] part;

  /**
   * @param sources queries, keys and values, and perhaps a mask
   * @param keepsAll whether a backward pass may follow
   */
  AttentionOperation(
      List<Source> sources,
      Tensor out,
      Attention layer,
      boolean keepsAll,
      Kernels kernels,
      int batch) {
    super(sources, out);
    headSize = layer.headSize();
    causal = layer.causal();
    heads = out.channels / headSize;
    sharing = out.channels / sources.get(1).tensor.channels;
    scale = (float) (1 / Math.sqrt(headSize));
    this.keepsAll = keepsAll;
    this.kernels = kernels;
    int row = out.width * batch;
    long all = keepsAll ? (long) heads * out.width * row : row;
    if (all > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException(
          "the weights of attention must be at most 2147483583: heads=%d, positions=%d, batch=%d"
                  .formatted(heads, out.width, batch)
              + "; use smaller batches");
    }
    weights = new float[(int) all];
    hidden = new float[sources.size() > 3 ? row : 0];
    gradients = new float[keepsAll ? row : 0];
    part = new float[batch];
  }

  private int keys(int query) {
    return causal ? query + 1 : out.width;
  }

  private int firstQuery(int key) {
    return causal ? key : 0;
  }

  private int weightAt(int head, int query, int size) {
    return keepsAll ? (head * out.width + query) * out.width * size : 0;
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
      hide(size);
    }
    for (int head = 0; head < heads; head++) {
      for (int query = 0; query < out.width; query++) {
        int at = weightAt(head, query, size);
        weigh(head, query, size, at);
        softmax(at, keys(query), size);
        mean(head, query, size, at);
      }
    }
  }

  /** Sets the terms that are added to products with each key: 0, or a number that hides the key. */
  private void hide(int size) {
    Tensor mask = tensor(3);
    int at = mask.at(0, 0, 0, size);
    for (int i = 0; i < out.width * size; i++) {
      hidden[i] = (1 - mask.values()[at + i]) * HIDDEN;
    }
  }

  private void weigh(int head, int query, int size, int at) {
    Tensor queries = tensor(0);
    Tensor keys = tensor(1);
    int count = keys(query) * size;
    kernels
        .positionRows()
        .sum(
            products
                .of(headSize, keys(query), size)
                .x(
                    queries.values(),
                    queries.at(feature(head, false), 0, query, size),
                    queries.plane() * size)
                .y(
                    keys.values(),
                    keys.at(feature(head, true), 0, 0, size),
                    keys.plane() * size,
                    size)
                .to(weights, at, size)
                .clear());
    kernels.rows().multiple(weights, at, scale, weights, at, count, false);
    if (hidden.length > 0) {
      kernels.rows().add(hidden, 0, weights, at, count);
    }
  }

  private void softmax(int at, int keys, int size) {
    System.arraycopy(weights, at, part, 0, size);
    for (int key = 1; key < keys; key++) {
      kernels.rows().largest(weights, at + key * size, part, 0, size);
    }
    for (int key = 0; key < keys; key++) {
      int from = at + key * size;
      kernels.positionRows().exponentials(weights, from, part, 0, weights, from, size);
    }
    System.arraycopy(weights, at, part, 0, size);
    for (int key = 1; key < keys; key++) {
      kernels.rows().add(weights, at + key * size, part, 0, size);
    }
    for (int i = 0; i < size; i++) {
      part[i] = 1 / part[i];
    }
    for (int key = 0; key < keys; key++) {
      int from = at + key * size;
      kernels.rows().product(weights, from, part, 0, weights, from, size, false);
    }
  }

  private void mean(int head, int query, int size, int at) {
    Tensor values = tensor(2);
    kernels
        .positionRows()
        .sum(
            products
                .of(keys(query), headSize, size)
                .x(weights, at, size)
                .y(
                    values.values(),
                    values.at(feature(head, true), 0, 0, size),
                    size,
                    values.plane() * size)
                .to(out.values(), out.at(feature(head, false), 0, query, size), out.plane() * size)
                .clear());
  }

  @Override
  void backward(BatchTiles batch, Part part) {
    int size = batch.size();
    for (int input = 0; input < 3; input++) {
      if (sources.get(input).needed) {
        sources.get(input).begin(batch, part);
      }
    }
    for (int head = 0; head < heads; head++) {
      if (sources.get(2).needed) {
        addByQueries(
            head,
            size,
            sources.get(2),
            out.gradient(),
            out.gradientAt(0, 0, 0, size),
            out.gradientPlane() * size);
      }
      for (int query = 0; query < out.width; query++) {
        productGradients(head, query, size);
        if (sources.get(0).needed) {
          queryGradient(head, query, size);
        }
      }
      if (sources.get(1).needed) {
        Tensor queries = tensor(0);
        addByQueries(
            head,
            size,
            sources.get(1),
            queries.values(),
            queries.at(0, 0, 0, size),
            queries.plane() * size);
      }
    }
    for (int input = 0; input < 3; input++) {
      sources.get(input).finish(batch, part);
    }
  }

  /** Adds to keys or values what all queries give them: weights times the queries' own rows. */
  private void addByQueries(
      int head, int size, Source shared, float[] rows, int rowsAt, int rowsPlane) {
    Tensor to = shared.tensor;
    int row = out.width * size;
    int from = rowsAt + feature(head, false) * rowsPlane;
    for (int key = 0; key < out.width; key++) {
      int first = firstQuery(key);
      kernels
          .positionRows()
          .sum(
              products
                  .of(out.width - first, headSize, size)
                  .x(weights, weightAt(head, first, size) + key * size, row)
                  .y(rows, from + first * size, size, rowsPlane)
                  .to(
                      to.gradient(),
                      to.gradientAt(feature(head, true), 0, key, size),
                      to.gradientPlane() * size));
    }
  }

  /** Replaces the weights of a query by the gradients of its products. */
  private void productGradients(int head, int query, int size) {
    Tensor values = tensor(2);
    int at = weightAt(head, query, size);
    int keys = keys(query);
    kernels
        .positionRows()
        .sum(
            products
                .of(headSize, keys, size)
                .x(
                    out.gradient(),
                    out.gradientAt(feature(head, false), 0, query, size),
                    out.gradientPlane() * size)
                .y(
                    values.values(),
                    values.at(feature(head, true), 0, 0, size),
                    values.plane() * size,
                    size)
                .to(gradients, 0, size)
                .clear());
    kernels
        .positionRows()
        .sum(
            products
                .of(keys, 1, size)
                .x(weights, at, size)
                .y(gradients, 0, size, 0)
                .to(part, 0, size)
                .clear());
    for (int key = 0; key < keys; key++) {
      int from = at + key * size;
      kernels
          .positionRows()
          .normalised(gradients, key * size, part, 0, weights, from, weights, from, size);
    }
    kernels.rows().multiple(weights, at, scale, weights, at, keys * size, false);
  }

  private void queryGradient(int head, int query, int size) {
    Tensor keys = tensor(1);
    Tensor to = tensor(0);
    kernels
        .positionRows()
        .sum(
            products
                .of(keys(query), headSize, size)
                .x(weights, weightAt(head, query, size), size)
                .y(
                    keys.values(),
                    keys.at(feature(head, true), 0, 0, size),
                    size,
                    keys.plane() * size)
                .to(
                    to.gradient(),
                    to.gradientAt(feature(head, false), 0, query, size),
                    to.gradientPlane() * size));
  }
}
