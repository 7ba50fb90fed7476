package io.espalier.trainer.sparse;

import io.espalier.trainer.data.ByteScaling;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Moves batches between example-major rows and the layout of tensors. */
final class Transposition {
  private static final int EXAMPLES = 8;

  private Transposition() {}

  /** Where lines of a tensor start: one without a border, else one per row of an image. */
  static int[] lines(Tensor of, int size) {
    if (of.border() == 0) {
      return new int[] {of.start()};
    }
    return IntStream.range(0, of.channels * of.height)
        .map(line -> of.at(line / of.height, line % of.height, 0, size))
        .toArray();
  }

  /** Fills a tensor from bytes with examples innermost; examples that fill up are 0. */
  static void load(
      byte[] bytes, ByteScaling scaling, BatchTiles batch, Tensor to, int[] lines, Rows rows) {
    int size = batch.size();
    int width = to.cells() / lines.length;
    int groupLength = to.cells() / scaling.groups();
    int cell = 0;
    while (cell < to.cells()) {
      int group = cell / groupLength;
      int line = cell / width;
      int end = Math.min((group + 1) * groupLength, (line + 1) * width);
      int at = lines[line] + cell % width * size;
      int count = (end - cell) * size;
      float shift = scaling.shift(group);
      rows.ofBytes(bytes, cell * size, shift, scaling.scale(group), to.values(), at, count);
      fillUp(to.values(), at, count, batch);
      cell = end;
    }
  }

  private static void fillUp(float[] values, int from, int count, BatchTiles batch) {
    if (batch.padding() > 0) {
      for (int at = from; at < from + count; at += batch.size()) {
        Arrays.fill(values, at + batch.examples(), at + batch.size(), 0);
      }
    }
  }

  /**
   * Fills a tensor from {@code [examples, channels, height, width]}, from example {@code first} on;
   * examples that fill up are 0.
   */
  static void load(float[] rows, int first, BatchTiles batch, Tensor to) {
    load(rows, first, batch, to, to.values(), to.at(0, 0, 0, batch.size()), to.plane(), to.row());
  }

  /**
   * Fills a gradient from {@code [examples, channels]}, or of a sequence with positions between.
   */
  static void loadGradient(float[] rows, BatchTiles batch, Tensor to) {
    if (to.width > 1) {
      loadPositions(rows, batch, to);
      return;
    }
    load(
        rows,
        0,
        batch,
        to,
        to.gradient(),
        to.gradientAt(0, 0, 0, batch.size()),
        to.gradientPlane(),
        to.gradientRow());
  }

  private static void loadPositions(float[] rows, BatchTiles batch, Tensor to) {
    float[] target = to.gradient();
    int size = batch.size();
    int channels = to.channels;
    int features = to.cells();
    int step = to.gradientPlane() * size;
    int whole = batch.examples() / EXAMPLES * EXAMPLES;
    for (int x = 0; x < to.width; x++) {
      int first = to.gradientAt(0, 0, x, size);
      for (int b = 0; b < whole; b += EXAMPLES) {
        eight(rows, b * features + x * channels, features, channels, target, first + b, step);
      }
      for (int b = whole; b < size; b++) {
        boolean real = b < batch.examples();
        for (int c = 0; c < channels; c++) {
          target[first + c * step + b] = real ? rows[b * features + x * channels + c] : 0;
        }
      }
    }
  }

  private static void load(
      float[] rows,
      int example,
      BatchTiles batch,
      Tensor shape,
      float[] target,
      int first,
      int plane,
      int row) {
    int features = shape.cells();
    int start = example * features;
    int size = batch.size();
    int whole = batch.examples() / EXAMPLES * EXAMPLES;
    boolean isOneRow = plane * shape.channels == features;
    int width = isOneRow ? features : shape.width;
    for (int from = 0; from < features; from += width) {
      int line = from / width;
      int to = first + (line / shape.height * plane + line % shape.height * row) * size;
      for (int b = 0; b < whole; b += EXAMPLES) {
        eight(rows, start + from + b * features, features, width, target, to + b, size);
      }
      if (size == 1) {
        System.arraycopy(rows, start + from, target, to, width);
        continue;
      }
      for (int x = 0; x < width; x++) {
        for (int b = whole; b < size; b++) {
          boolean real = b < batch.examples();
          target[to + x * size + b] = real ? rows[start + b * features + from + x] : 0;
        }
      }
    }
  }

  /** A row of eight examples, whose values stand {@code step} apart in the target. */
  private static void eight(
      float[] rows, int from, int features, int width, float[] target, int to, int step) {
    int second = from + features;
    int third = second + features;
    int fourth = third + features;
    int fifth = fourth + features;
    int sixth = fifth + features;
    int seventh = sixth + features;
    int eighth = seventh + features;
    int at = to;
    for (int x = 0; x < width; x++) {
      target[at] = rows[from + x];
      target[at + 1] = rows[second + x];
      target[at + 2] = rows[third + x];
      target[at + 3] = rows[fourth + x];
      target[at + 4] = rows[fifth + x];
      target[at + 5] = rows[sixth + x];
      target[at + 6] = rows[seventh + x];
      target[at + 7] = rows[eighth + x];
      at += step;
    }
  }

  /**
   * Writes {@code [examples, channels]} of a vector, {@code [examples, positions, channels]} of a
   * sequence, from example {@code first} on.
   */
  static void store(Tensor from, BatchTiles batch, int first, float[] rows) {
    int size = batch.size();
    int channels = from.channels;
    for (int b = 0; b < batch.examples(); b += EXAMPLES) {
      int end = Math.min(b + EXAMPLES, batch.examples());
      for (int x = 0; x < from.width; x++) {
        for (int c = 0; c < channels; c++) {
          int at = from.at(c, 0, x, size);
          for (int example = b; example < end; example++) {
            int row = (first + example) * from.width + x;
            rows[row * channels + c] = from.values()[at + example];
          }
        }
      }
    }
  }
}
