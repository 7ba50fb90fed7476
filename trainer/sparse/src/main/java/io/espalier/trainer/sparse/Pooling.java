package io.espalier.trainer.sparse;

import io.espalier.trainer.network.AveragePool;
import io.espalier.trainer.network.MaxPool;
import java.util.Arrays;
import java.util.List;

/**
 * The largest or the mean value of each square window; windows are cut off at the image's sides.
 */
final class Pooling extends Operation {
  private final int kernel;
  private final int stride;
  private final int padding;
  private final boolean largest;
  private final boolean countsPadding;

  private Pooling(
      Source source,
      Tensor out,
      int kernel,
      int stride,
      int padding,
      boolean largest,
      boolean countsPadding) {
    super(List.of(source), out);
    this.kernel = kernel;
    this.stride = stride;
    this.padding = padding;
    this.largest = largest;
    this.countsPadding = countsPadding;
  }

  static Pooling of(Source source, Tensor out, MaxPool layer) {
    return new Pooling(source, out, layer.kernel(), layer.stride(), layer.padding(), true, false);
  }

  static Pooling of(Source source, Tensor out, AveragePool layer) {
    return new Pooling(
        source, out, layer.kernel(), layer.stride(), layer.padding(), false, layer.countsPadding());
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
      for (int y = 0; y < out.height; y++) {
        for (int x = 0; x < out.width; x++) {
          pool(part, batch.size(), c, y, x);
        }
      }
    }
  }

  private int from(int position) {
    return Math.max(0, position * stride - padding);
  }

  private int to(int position, int length) {
    return Math.min(length, position * stride - padding + kernel);
  }

  private int cells(int y, int x) {
    Tensor in = source().tensor;
    return countsPadding
        ? kernel * kernel
        : Math.max(1, (to(y, in.height) - from(y)) * (to(x, in.width) - from(x)));
  }

  private void pool(Part part, int size, int c, int y, int x) {
    Tensor in = source().tensor;
    float[] target = out.values();
    int at = out.at(c, y, x, size);
    if (size == 1) {
      float value = value(in, c, y, x);
      target[at] = out.hasRelu() ? Math.max(value, 0f) : value;
      return;
    }
    Arrays.fill(target, at, at + size, largest ? Float.NEGATIVE_INFINITY : 0);
    for (int row = from(y); row < to(y, in.height); row++) {
      for (int column = from(x); column < to(x, in.width); column++) {
        int cell = in.at(c, row, column, size);
        if (largest) {
          part.kernels().rows().largest(in.values(), cell, target, at, size);
        } else {
          part.kernels().rows().copy(in.values(), cell, target, at, size, true);
        }
      }
    }
    if (!largest) {
      part.kernels().rows().multiple(target, at, 1f / cells(y, x), target, at, size, false);
    }
    if (out.hasRelu()) {
      part.kernels().rows().relu(target, at, size);
    }
  }

  /** Computes a value of one example, to the bits of a larger batch. */
  private float value(Tensor in, int c, int y, int x) {
    float[] values = in.values();
    int columns = to(x, in.width) - from(x);
    float value = largest ? Float.NEGATIVE_INFINITY : 0;
    for (int row = from(y); row < to(y, in.height); row++) {
      int cell = in.at(c, row, from(x), 1);
      for (int i = cell; i < cell + columns; i++) {
        value = largest ? Math.max(value, values[i]) : value + values[i];
      }
    }
    return largest ? value : value * (1f / cells(y, x));
  }

  @Override
  void backward(BatchTiles batch, Part part) {
    if (!source().needed) {
      return;
    }
    source().begin(batch, part);
    for (int c = part.from(out.channels); c < part.to(out.channels); c++) {
      for (int y = 0; y < out.height; y++) {
        for (int x = 0; x < out.width; x++) {
          if (largest) {
            toLargest(part, batch.size(), c, y, x);
          } else {
            toAll(part, batch.size(), c, y, x);
          }
        }
      }
    }
    source().finish(batch, part);
  }

  private void toAll(Part part, int size, int c, int y, int x) {
    Tensor in = source().tensor;
    int at = out.gradientAt(c, y, x, size);
    for (int row = from(y); row < to(y, in.height); row++) {
      for (int column = from(x); column < to(x, in.width); column++) {
        int cell = in.gradientAt(c, row, column, size);
        part.kernels()
            .rows()
            .multiple(out.gradient(), at, 1f / cells(y, x), in.gradient(), cell, size, true);
      }
    }
  }

  /** To the first cell, row by row, that has the largest value. */
  private void toLargest(Part part, int size, int c, int y, int x) {
    Tensor in = source().tensor;
    float[] wanted = part.scratch(size);
    System.arraycopy(out.values(), out.at(c, y, x, size), wanted, 0, size);
    int at = out.gradientAt(c, y, x, size);
    for (int row = from(y); row < to(y, in.height); row++) {
      for (int column = from(x); column < to(x, in.width); column++) {
        int cell = in.at(c, row, column, size);
        int target = in.gradientAt(c, row, column, size);
        part.kernels()
            .rows()
            .toWanted(in.values(), cell, wanted, out.gradient(), at, in.gradient(), target, size);
      }
    }
  }
}
