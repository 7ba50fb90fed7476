package io.espalier.trainer.sparse;

import io.espalier.trainer.network.GroupNorm;
import java.util.Arrays;
import java.util.List;

/** Normalises blocks of consecutive channels of each example apart. */
final class GroupNormalization extends Operation {
  private final float epsilon;
  private final int groups;
  private final int perGroup;
  private final SparseParameter scale;
  private final SparseParameter shift;
  private final Kernels kernels;
  private final Kernels.Run run = new Kernels.Run();
  private final Kernels.Run other = new Kernels.Run();

  /** Per group and example, as the backward pass needs them. */
  private final float[][] means;

  private final float[][] inverses;
  private final double[] sums;
  private final double[] products;
  private final float[] rowSums;
  private final float[] rowProducts;
  private final float[] normalised;

  GroupNormalization(
      Source source,
      Tensor out,
      GroupNorm layer,
      List<SparseParameter> parameters,
      Kernels kernels,
      int batch) {
    super(List.of(source), out);
    epsilon = layer.epsilon();
    groups = layer.groups();
    perGroup = out.channels / groups;
    scale = parameters.get(0);
    shift = parameters.get(1);
    this.kernels = kernels;
    means = new float[groups][batch];
    inverses = new float[groups][batch];
    sums = new double[batch];
    products = new double[batch];
    rowSums = new float[batch];
    rowProducts = new float[batch];
    normalised = new float[out.width * batch];
  }

  @Override
  List<SparseParameter> parameters() {
    return List.of(scale, shift);
  }

  @Override
  boolean takesRelu() {
    return true;
  }

  private int values() {
    return perGroup * out.height * out.width;
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    int size = batch.size();
    for (int group = 0; group < groups; group++) {
      statistics(group, size);
      for (int c = group * perGroup; c < (group + 1) * perGroup; c++) {
        for (int y = 0; y < out.height; y++) {
          int to = out.at(c, y, 0, size);
          normalise(group, c, y, size, out.values(), to);
          kernels
              .rows()
              .scaled(
                  out.values(),
                  to,
                  0,
                  scale.seen()[c],
                  shift.seen()[c],
                  null,
                  0,
                  out.hasRelu(),
                  out.values(),
                  to,
                  out.width * size);
          clearPadding(batch, out.values(), to);
        }
      }
    }
  }

  private void clearPadding(BatchTiles batch, float[] values, int at) {
    int size = batch.size();
    for (int x = 0; x < out.width && batch.padding() > 0; x++) {
      Arrays.fill(values, at + x * size + batch.examples(), at + (x + 1) * size, 0);
    }
  }

  /** Means, then variances around them; rows in float, their sums in double. */
  private void statistics(int group, int size) {
    Tensor in = source().tensor;
    float[] mean = means[group];
    float[] inverse = inverses[group];
    Arrays.fill(mean, 0, size, 0);
    Arrays.fill(sums, 0, size, 0);
    Arrays.fill(products, 0, size, 0);
    for (int row = 0; row < perGroup * in.height; row++) {
      int at = in.at(group * perGroup + row / in.height, row % in.height, 0, size);
      addRow(in.values(), at, mean, in.values(), at, size, false);
    }
    for (int b = 0; b < size; b++) {
      mean[b] = (float) (sums[b] / values());
    }
    for (int row = 0; row < perGroup * in.height; row++) {
      int at = in.at(group * perGroup + row / in.height, row % in.height, 0, size);
      addRow(in.values(), at, mean, in.values(), at, size, true);
    }
    for (int b = 0; b < size; b++) {
      inverse[b] = (float) (1 / Math.sqrt(products[b] / values() + epsilon));
    }
  }

  /** Adds a row of {@code x − mean}, or its products with {@code y − mean}, per example. */
  private void addRow(
      float[] x, int at, float[] mean, float[] y, int yAt, int size, boolean squares) {
    Arrays.fill(rowSums, 0, size, 0);
    for (int column = 0; column < out.width; column++) {
      int xColumn = at + column * size;
      int yColumn = yAt + column * size;
      if (squares) {
        for (int b = 0; b < size; b++) {
          rowSums[b] = Math.fma(x[xColumn + b] - mean[b], y[yColumn + b] - mean[b], rowSums[b]);
        }
      } else {
        for (int b = 0; b < size; b++) {
          rowSums[b] += x[xColumn + b];
        }
      }
    }
    double[] target = squares ? products : sums;
    for (int b = 0; b < size; b++) {
      target[b] += rowSums[b];
    }
  }

  private void normalise(int group, int c, int y, int size, float[] to, int toAt) {
    Tensor in = source().tensor;
    float[] from = in.values();
    float[] mean = means[group];
    float[] inverse = inverses[group];
    int at = in.at(c, y, 0, size);
    for (int x = 0; x < out.width; x++) {
      for (int b = 0; b < size; b++) {
        to[toAt + x * size + b] = (from[at + x * size + b] - mean[b]) * inverse[b];
      }
    }
  }

  @Override
  void backward(BatchTiles batch, Part part) {
    int size = batch.size();
    Arrays.fill(scale.gradient(), 0);
    Arrays.fill(shift.gradient(), 0);
    for (int group = 0; group < groups; group++) {
      Arrays.fill(sums, 0, size, 0);
      Arrays.fill(products, 0, size, 0);
      for (int c = group * perGroup; c < (group + 1) * perGroup; c++) {
        for (int y = 0; y < out.height; y++) {
          normalise(group, c, y, size, normalised, 0);
          int at = out.gradientAt(c, y, 0, size);
          addParameters(batch, c, at);
          addGradientRow(at, scale.seen()[c], size);
        }
      }
      if (source().needed) {
        for (int b = 0; b < size; b++) {
          rowSums[b] = (float) (sums[b] / values());
          rowProducts[b] = (float) (products[b] / values());
        }
        dataGradient(group, size);
      }
    }
    source().finish(batch, part);
  }

  private void addParameters(BatchTiles batch, int c, int at) {
    int size = batch.size();
    for (int tile = 0; tile < batch.tiles(); tile++) {
      int segments = batch.segments(out.width);
      int length = batch.length(out.width, tile);
      run.set(normalised, batch.start(tile), size);
      other.set(out.gradient(), at + batch.start(tile), size);
      shift.gradient()[c] += kernels.sum(other, segments, length);
      scale.gradient()[c] += kernels.products(run, 0, other, 0, segments, length);
    }
  }

  private void addGradientRow(int at, float gain, int size) {
    float[] gradient = out.gradient();
    Arrays.fill(rowSums, 0, size, 0);
    Arrays.fill(rowProducts, 0, size, 0);
    for (int x = 0; x < out.width; x++) {
      for (int b = 0; b < size; b++) {
        float g = gradient[at + x * size + b] * gain;
        rowSums[b] += g;
        rowProducts[b] = Math.fma(g, normalised[x * size + b], rowProducts[b]);
      }
    }
    for (int b = 0; b < size; b++) {
      sums[b] += rowSums[b];
      products[b] += rowProducts[b];
    }
  }

  /** Here {@code rowSums} and {@code rowProducts} hold means over the group. */
  private void dataGradient(int group, int size) {
    Source source = source();
    Tensor in = source.tensor;
    float[] target = in.gradient();
    float[] gradient = out.gradient();
    float[] inverse = inverses[group];
    for (int c = group * perGroup; c < (group + 1) * perGroup; c++) {
      float gain = scale.seen()[c];
      for (int y = 0; y < out.height; y++) {
        normalise(group, c, y, size, normalised, 0);
        int at = out.gradientAt(c, y, 0, size);
        int to = in.gradientAt(c, y, 0, size);
        for (int x = 0; x < out.width; x++) {
          for (int b = 0; b < size; b++) {
            int i = x * size + b;
            float rest = Math.fma(normalised[i], rowProducts[b], rowSums[b]);
            float value = (gradient[at + i] * gain - rest) * inverse[b];
            target[to + i] = source.adds ? target[to + i] + value : value;
          }
        }
      }
    }
  }
}
