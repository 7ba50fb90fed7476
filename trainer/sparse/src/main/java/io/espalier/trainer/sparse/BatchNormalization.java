package io.espalier.trainer.sparse;

import java.util.Arrays;
import java.util.List;

/**
 * Normalises channels over examples and positions, and adds a second input if there is one. Sums
 * leave out the examples that fill a batch up: those are set to 0, then to the mean, so that they
 * add nothing, and to 0 again in both passes.
 */
final class BatchNormalization extends Operation {
  private final float epsilon;
  private final Momentum momentum;
  private final SparseParameter scale;
  private final SparseParameter shift;
  private final SparseParameter runningMean;
  private final SparseParameter runningVariance;
  private final float[] means;
  private final float[] inverses;

  /** The share of running statistics that a step keeps; one for a whole network. */
  static final class Momentum {
    float value = 0.9f;
  }

  BatchNormalization(
      List<Source> sources,
      Tensor out,
      float epsilon,
      Momentum momentum,
      List<SparseParameter> parameters) {
    super(sources, out);
    this.epsilon = epsilon;
    this.momentum = momentum;
    scale = parameters.get(0);
    shift = parameters.get(1);
    runningMean = parameters.get(2);
    runningVariance = parameters.get(3);
    means = new float[out.channels];
    inverses = new float[out.channels];
  }

  /** Returns the layer with an addend of its output. */
  BatchNormalization plus(Source addend) {
    return new BatchNormalization(List.of(source(), addend), out, epsilon, momentum, parameters());
  }

  /** Its gradient is written last, in the memory of what it is made of. */
  @Override
  void shareGradients() {
    Source inPlace = sources.get(sources.size() - 1);
    if (inPlace.needed && !inPlace.adds) {
      inPlace.tensor.shareGradient(out);
    }
  }

  boolean takesAddend() {
    return !hasAddend() && !out.hasRelu();
  }

  private boolean hasAddend() {
    return sources.size() > 1;
  }

  @Override
  List<SparseParameter> parameters() {
    return List.of(scale, shift, runningMean, runningVariance);
  }

  @Override
  boolean takesRelu() {
    return true;
  }

  @Override
  boolean isDivided() {
    return true;
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    for (int c = part.from(out.channels); c < part.to(out.channels); c++) {
      float mean = runningMean.values()[c];
      float variance = runningVariance.values()[c];
      if (training) {
        mean = mean(part, batch, c);
        variance = variance(part, batch, c, mean);
        follow(c, mean, variance, (double) batch.examples() * out.height * out.width);
      }
      means[c] = mean;
      inverses[c] = (float) (1 / Math.sqrt((double) variance + epsilon));
      normalise(part, batch, c, training);
    }
  }

  private float mean(Part part, BatchTiles batch, int c) {
    Tensor in = source().tensor;
    fillPadding(batch, in.values(), in.at(c, 0, 0, batch.size()), in.row(), 0);
    double sum = 0;
    for (int tile = 0; tile < batch.tiles(); tile++) {
      for (int y = 0; y < in.height; y++) {
        inputRun(part, batch, c, y, tile);
        sum += part.kernels().sum(part.run, batch.segments(in.width), batch.length(in.width, tile));
      }
    }
    return (float) (sum / count(batch));
  }

  private float variance(Part part, BatchTiles batch, int c, float mean) {
    Tensor in = source().tensor;
    fillPadding(batch, in.values(), in.at(c, 0, 0, batch.size()), in.row(), mean);
    double sum = 0;
    for (int tile = 0; tile < batch.tiles(); tile++) {
      for (int y = 0; y < in.height; y++) {
        inputRun(part, batch, c, y, tile);
        sum +=
            part.kernels()
                .products(
                    part.run,
                    mean,
                    part.run,
                    mean,
                    batch.segments(in.width),
                    batch.length(in.width, tile));
      }
    }
    return (float) (sum / count(batch));
  }

  private void inputRun(Part part, BatchTiles batch, int c, int y, int tile) {
    Tensor in = source().tensor;
    int size = batch.size();
    part.run.set(in.values(), in.at(c, y, 0, size) + batch.start(tile), size);
  }

  private double count(BatchTiles batch) {
    return (double) batch.examples() * out.height * out.width;
  }

  /** Keeps the unbiased variance, as the engine does. */
  private void follow(int c, float mean, float variance, double count) {
    float share = 1 - momentum.value;
    float unbiased = (float) (share * count / Math.max(1, count - 1));
    float[] meanValues = runningMean.values();
    float[] varianceValues = runningVariance.values();
    meanValues[c] = meanValues[c] * momentum.value + mean * share;
    varianceValues[c] = varianceValues[c] * momentum.value + variance * unbiased;
  }

  private void normalise(Part part, BatchTiles batch, int c, boolean training) {
    Tensor in = source().tensor;
    int size = batch.size();
    float gain = scale.seen()[c] * inverses[c];
    Tensor addend = hasAddend() ? sources.get(1).tensor : null;
    for (int y = 0; y < out.height; y++) {
      part.kernels()
          .rows()
          .scaled(
              in.values(),
              in.at(c, y, 0, size),
              means[c],
              gain,
              shift.seen()[c],
              addend == null ? null : addend.values(),
              addend == null ? 0 : addend.at(c, y, 0, size),
              out.hasRelu(),
              out.values(),
              out.at(c, y, 0, size),
              out.width * size);
    }
    if (training) {
      fillPadding(batch, out.values(), out.at(c, 0, 0, batch.size()), out.row(), 0);
    }
  }

  @Override
  void backward(BatchTiles batch, Part part) {
    Source source = source();
    int size = batch.size();
    for (int c = part.from(out.channels); c < part.to(out.channels); c++) {
      double sum = 0;
      double products = 0;
      for (int tile = 0; tile < batch.tiles(); tile++) {
        int segments = batch.segments(out.width);
        int length = batch.length(out.width, tile);
        for (int y = 0; y < out.height; y++) {
          inputRun(part, batch, c, y, tile);
          part.other.set(out.gradient(), out.gradientAt(c, y, 0, size) + batch.start(tile), size);
          sum += part.kernels().sum(part.other, segments, length);
          products += part.kernels().products(part.run, means[c], part.other, 0, segments, length);
        }
      }
      scale.gradient()[c] = (float) (products * inverses[c]);
      shift.gradient()[c] = (float) sum;
      if (source.needed) {
        inputGradient(part, batch, c, sum, products);
      }
    }
    source.finish(batch, part);
    if (hasAddend()) {
      addendGradient(batch, part);
    }
  }

  private void inputGradient(Part part, BatchTiles batch, int c, double sum, double products) {
    Source source = source();
    Tensor in = source.tensor;
    int size = batch.size();
    float gain = scale.seen()[c] * inverses[c];
    float all = (float) (-gain * sum / count(batch));
    float slope = (float) (-gain * inverses[c] * inverses[c] * products / count(batch));
    for (int y = 0; y < out.height; y++) {
      part.kernels()
          .rows()
          .normGradient(
              out.gradient(),
              out.gradientAt(c, y, 0, size),
              gain,
              in.values(),
              in.at(c, y, 0, size),
              means[c],
              slope,
              all,
              in.gradient(),
              in.gradientAt(c, y, 0, size),
              out.width * size,
              source.adds);
    }
    fillPadding(batch, in.gradient(), in.gradientAt(c, 0, 0, batch.size()), in.gradientRow(), 0);
  }

  private void addendGradient(BatchTiles batch, Part part) {
    Source addend = sources.get(1);
    Tensor to = addend.tensor;
    int size = batch.size();
    boolean isWritten = to.gradient() == out.gradient();
    for (int c = part.from(out.channels);
        addend.needed && !isWritten && c < part.to(out.channels);
        c++) {
      for (int y = 0; y < out.height; y++) {
        int from = out.gradientAt(c, y, 0, size);
        int at = to.gradientAt(c, y, 0, size);
        part.kernels()
            .rows()
            .copy(out.gradient(), from, to.gradient(), at, out.width * size, addend.adds);
      }
    }
    addend.finish(batch, part);
  }

  private void fillPadding(BatchTiles batch, float[] values, int first, int row, float value) {
    if (batch.padding() == 0) {
      return;
    }
    int size = batch.size();
    for (int y = 0; y < out.height; y++) {
      for (int x = 0; x < out.width; x++) {
        int at = first + (y * row + x) * size;
        Arrays.fill(values, at + batch.examples(), at + size, value);
      }
    }
  }
}
