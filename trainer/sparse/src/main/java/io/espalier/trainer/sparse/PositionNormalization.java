package io.espalier.trainer.sparse;

import io.espalier.trainer.network.PositionNorm;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Normalises the features of each position: layer norm, or, not centred, RMS norm. With W the width
 * that means are taken over, {@code y = (x − Σx / W) / √(Σx² / W − mean² + ε)}. Works on a part of
 * positions and examples at a time, all features of which stay in the cache.
 */
final class PositionNormalization extends Operation {
  /** Values of a part: a part of the format, as sums over examples depend on it. */
  private static final int PART = 256;

  private final boolean centred;
  private final float share;
  private final float cut;
  private final float epsilon;
  private final SparseParameter scale;
  private final Optional<SparseParameter> shift;
  private final Kernels kernels;
  private final Kernels.Run run = new Kernels.Run();
  private final Kernels.Run other = new Kernels.Run();

  /** Per position and example. */
  private final float[] means;

  private final float[] inverses;
  private final float[] normalised = new float[PART];
  private final float[] scaled = new float[PART];
  private final float[] sums = new float[PART];
  private final float[] products = new float[PART];

  /**
   * @param parameters scale, and shift if centred
   */
  PositionNormalization(
      Source source,
      Tensor out,
      PositionNorm layer,
      List<SparseParameter> parameters,
      Kernels kernels,
      int batch) {
    super(List.of(source), out);
    int width = layer.width() == 0 ? out.channels : layer.width();
    centred = layer.centred();
    share = 1f / width;
    cut = (float) (width - out.channels) / width;
    epsilon = layer.epsilon();
    scale = parameters.get(0);
    shift = parameters.stream().skip(1).findFirst();
    this.kernels = kernels;
    means = new float[out.width * batch];
    inverses = new float[out.width * batch];
  }

  @Override
  List<SparseParameter> parameters() {
    return shift.isPresent() ? List.of(scale, shift.get()) : List.of(scale);
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    int size = batch.size();
    int all = out.width * size;
    for (int from = 0; from < all; from += PART) {
      int count = Math.min(PART, all - from);
      if (centred) {
        mean(size, from, count);
      }
      inverse(size, from, count);
      for (int c = 0; c < out.channels; c++) {
        normalise(size, c, from, count);
        float[] target = out.values();
        int to = out.at(c, 0, 0, size) + from;
        float more = shift.isPresent() ? shift.get().seen()[c] : 0;
        kernels
            .rows()
            .scaled(normalised, 0, 0, scale.seen()[c], more, null, 0, false, target, to, count);
      }
    }
  }

  private void mean(int size, int from, int count) {
    Tensor in = source().tensor;
    Arrays.fill(means, from, from + count, 0);
    for (int c = 0; c < in.channels; c++) {
      kernels.rows().add(in.values(), in.at(c, 0, 0, size) + from, means, from, count);
    }
    kernels.rows().multiple(means, from, share, means, from, count, false);
  }

  private void inverse(int size, int from, int count) {
    Tensor in = source().tensor;
    Arrays.fill(sums, 0, count, 0);
    for (int c = 0; c < in.channels; c++) {
      int at = in.at(c, 0, 0, size) + from;
      kernels.rows().multiple(means, from, -1, normalised, 0, count, false);
      kernels.rows().add(in.values(), at, normalised, 0, count);
      kernels.rows().product(normalised, 0, normalised, 0, sums, 0, count, true);
    }
    for (int i = 0; i < count; i++) {
      float ofCut = cut * means[from + i] * means[from + i];
      inverses[from + i] = (float) (1 / Math.sqrt((double) sums[i] * share + ofCut + epsilon));
    }
  }

  private void normalise(int size, int c, int from, int count) {
    Tensor in = source().tensor;
    int at = in.at(c, 0, 0, size) + from;
    kernels
        .positionRows()
        .normalised(in.values(), at, means, from, inverses, from, normalised, 0, count);
  }

  @Override
  void backward(BatchTiles batch, Part part) {
    Source source = source();
    int size = batch.size();
    int all = out.width * size;
    Arrays.fill(scale.gradient(), 0);
    if (shift.isPresent()) {
      Arrays.fill(shift.get().gradient(), 0);
    }
    for (int from = 0; from < all; from += PART) {
      int count = Math.min(PART, all - from);
      Arrays.fill(sums, 0, count, 0);
      Arrays.fill(products, 0, count, 0);
      for (int c = 0; c < out.channels; c++) {
        normalise(size, c, from, count);
        addGradient(size, c, from, count);
      }
      if (source.needed) {
        dataGradient(size, from, count);
      }
    }
    source.finish(batch, part);
  }

  private void addGradient(int size, int c, int from, int count) {
    float[] gradient = out.gradient();
    int at = out.gradientAt(c, 0, 0, size) + from;
    other.set(gradient, at, 0);
    run.set(normalised, 0, 0);
    scale.gradient()[c] += kernels.products(run, 0, other, 0, 1, count);
    if (shift.isPresent()) {
      shift.get().gradient()[c] += kernels.sum(other, 1, count);
    }
    kernels.rows().multiple(gradient, at, scale.seen()[c], scaled, 0, count, false);
    kernels.rows().product(scaled, 0, normalised, 0, products, 0, count, true);
    if (centred) {
      kernels.rows().add(scaled, 0, sums, 0, count);
    }
  }

  private void dataGradient(int size, int from, int count) {
    Source source = source();
    Tensor in = source.tensor;
    kernels.rows().multiple(sums, 0, share, sums, 0, count, false);
    kernels.rows().multiple(products, 0, share, products, 0, count, false);
    for (int c = 0; c < out.channels; c++) {
      normalise(size, c, from, count);
      kernels
          .positionRows()
          .normGradient(
              out.gradient(),
              out.gradientAt(c, 0, 0, size) + from,
              scale.seen()[c],
              normalised,
              0,
              products,
              sums,
              inverses,
              from,
              in.gradient(),
              in.gradientAt(c, 0, 0, size) + from,
              count,
              source.adds);
    }
  }
}
