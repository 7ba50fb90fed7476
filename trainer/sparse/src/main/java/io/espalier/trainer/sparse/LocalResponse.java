package io.espalier.trainer.sparse;

import io.espalier.trainer.network.LocalResponseNorm;
import java.util.List;

/**
 * Local response norm. With the divisor {@code d = s^beta} of {@code s = bias + alpha / size · Σ
 * x²}, the gradient of an input is {@code g / d − 2 · alpha · beta / size · x · Σ (g · x / (s ·
 * d))}, the sum over the channels in whose windows it is.
 */
final class LocalResponse extends Operation {
  private final LocalResponseNorm norm;
  private final int before;
  private final int after;

  /** {@code g · x / (s · d)} of one row of all channels. */
  private final float[] ratios;

  LocalResponse(Source source, Tensor out, LocalResponseNorm norm, int mostExamples) {
    super(List.of(source), out);
    this.norm = norm;
    before = Math.min((norm.size() - 1) / 2, out.channels - 1);
    after = Math.min(norm.size() / 2, out.channels - 1);
    ratios = new float[out.channels * out.width * mostExamples];
  }

  /** {@code s} at a place of a row of a channel. */
  private double base(int channel, int y, int place, int size) {
    Tensor in = source().tensor;
    double sum = 0;
    int last = Math.min(out.channels - 1, channel + after);
    for (int c = Math.max(0, channel - before); c <= last; c++) {
      double x = in.values()[in.at(c, y, 0, size) + place];
      sum += x * x;
    }
    return norm.bias() + norm.alpha() / norm.size() * sum;
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    Tensor in = source().tensor;
    int size = batch.size();
    for (int c = 0; c < out.channels; c++) {
      for (int y = 0; y < out.height; y++) {
        int from = in.at(c, y, 0, size);
        int to = out.at(c, y, 0, size);
        for (int i = 0; i < out.width * size; i++) {
          double divisor = StrictMath.pow(base(c, y, i, size), norm.beta());
          out.values()[to + i] = (float) (in.values()[from + i] / divisor);
        }
      }
    }
  }

  @Override
  void backward(BatchTiles batch, Part part) {
    if (!source().needed) {
      return;
    }
    for (int y = 0; y < out.height; y++) {
      for (int c = 0; c < out.channels; c++) {
        divide(c, y, batch.size());
      }
      for (int c = 0; c < out.channels; c++) {
        subtract(c, y, batch.size());
      }
    }
    source().finish(batch, part);
  }

  /** Sets or adds {@code g / d}, and keeps the ratios. */
  private void divide(int channel, int y, int size) {
    Tensor in = source().tensor;
    float[] target = in.gradient();
    int count = out.width * size;
    int from = in.at(channel, y, 0, size);
    int gradientAt = out.gradientAt(channel, y, 0, size);
    int to = in.gradientAt(channel, y, 0, size);
    for (int i = 0; i < count; i++) {
      double base = base(channel, y, i, size);
      double direct = out.gradient()[gradientAt + i] / StrictMath.pow(base, norm.beta());
      ratios[channel * count + i] = (float) (direct * in.values()[from + i] / base);
      target[to + i] = (float) (source().adds ? target[to + i] + direct : direct);
    }
  }

  private void subtract(int channel, int y, int size) {
    Tensor in = source().tensor;
    int count = out.width * size;
    int from = in.at(channel, y, 0, size);
    int to = in.gradientAt(channel, y, 0, size);
    float factor = 2 * norm.alpha() * norm.beta() / norm.size();
    int last = Math.min(out.channels - 1, channel + before);
    for (int i = 0; i < count; i++) {
      float sum = 0;
      for (int c = Math.max(0, channel - after); c <= last; c++) {
        sum += ratios[c * count + i];
      }
      in.gradient()[to + i] -= factor * in.values()[from + i] * sum;
    }
  }
}
