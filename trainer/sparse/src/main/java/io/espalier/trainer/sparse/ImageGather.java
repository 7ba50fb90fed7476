package io.espalier.trainer.sparse;

import io.espalier.trainer.network.Unfold;
import org.jspecify.annotations.Nullable;

/**
 * A gather at all positions of an image. Where it computes long enough for each value, it goes in
 * strips from the image's top to its bottom, so that the rows that a window needs stay in the
 * second-level cache, and reads the rows that come next ahead.
 */
final class ImageGather {
  /** Values of all channels of a strip's row: 64 kB. */
  private static final int STRIP = 16_384;

  private static final int LEAST_STRIP = 64;

  /** Weights for each channel from which on reading ahead takes less time than it saves. */
  private static final int LEAST_WEIGHTS = 24;

  private final Gather pass;
  private final ImageRows in;
  private final ImageRows out;
  private final @Nullable ImageRows mask;
  private final int rows;
  private final int columns;
  private int batch;

  private ImageGather(
      Gather pass, ImageRows in, ImageRows out, @Nullable ImageRows mask, int rows, int columns) {
    this.pass = pass;
    this.in = in;
    this.out = out;
    this.mask = mask;
    this.rows = rows;
    this.columns = columns;
  }

  /** Returns the forward pass of a layer. */
  static ImageGather ofOutput(Gather pass, Unfold window, Tensor in, Tensor out) {
    int last = in.border() - window.padding() + window.kernel() - 1;
    ImageRows from = ImageRows.ofValues(in, -in.border(), -in.border(), window.stride(), last);
    ImageRows to = ImageRows.ofValues(out, 0, 0, 1, 0);
    return new ImageGather(pass, from, to, null, out.height, out.width);
  }

  /** Returns the gradient of those positions of a layer's input that {@code transpose} reaches. */
  static ImageGather ofInput(
      SparseWeights.Transpose transpose, Unfold window, Tensor in, Tensor out, boolean masks) {
    int stride = window.stride();
    int row = transpose.rowPhase;
    int column = transpose.columnPhase;
    int border = out.gradientBorder();
    int last = (row + window.padding()) / stride + border;
    return new ImageGather(
        transpose.gather,
        ImageRows.ofGradient(out, -border, -border, 1, last),
        ImageRows.ofGradient(in, row, column, stride, 0),
        masks ? ImageRows.ofValues(in, row, column, stride, 0) : null,
        (in.height - row + stride - 1) / stride,
        (in.width - column + stride - 1) / stride);
  }

  /** Finds where values lie for a batch of {@code size}. */
  void place(int size) {
    batch = size;
    in.place(size);
    out.place(size);
    pass.outPlane = out.plane();
    if (mask != null) {
      mask.place(size);
      pass.maskPlane = mask.plane();
    }
  }

  /** Whether it computes long enough for each value that it is best not to do it row by row. */
  boolean readsAhead() {
    int weights = pass.starts[pass.outputs()];
    return rows > 1 && weights >= LEAST_WEIGHTS * (in.channels() + out.channels());
  }

  /** Computes what belongs to {@code part}. */
  void gather(Part part) {
    boolean readsAhead = readsAhead();
    int row = columns * batch;
    int from = part.runFrom(rows * row);
    int to = part.runTo(rows * row);
    int narrow = Math.max(LEAST_STRIP, STRIP / in.channels() / LEAST_STRIP * LEAST_STRIP);
    int strip = readsAhead ? narrow : row;
    for (int left = 0; left < row; left += strip) {
      int right = Math.min(row, left + strip);
      for (int y = from / row; y * row < to; y++) {
        int first = Math.max(left, from - y * row);
        int end = Math.min(right, to - y * row);
        if (first < end) {
          if (readsAhead) {
            readAhead(part, y, first, end);
          }
          gather(part, y, first, end);
        }
      }
    }
  }

  /** Computes what belongs to {@code part} of a row; nothing if there is no such row. */
  void gatherRow(Part part, int y) {
    int row = columns * batch;
    if (y < rows) {
      gather(part, y, part.runFrom(row), part.runTo(row));
    }
  }

  private void readAhead(Part part, int y, int from, int to) {
    float sum = in.read(y, from, to) + out.read(y, from, to);
    part.readAhead = mask == null ? sum : sum + mask.read(y, from, to);
  }

  private void gather(Part part, int y, int from, int to) {
    boolean isDense = in.stride() == 1 && out.stride() == 1;
    for (int at = from; at < to; ) {
      int next = isDense ? to : Math.min(to, at - at % batch + batch);
      int maskAt = mask == null ? 0 : mask.at(y, at);
      part.kernels().gather(pass, batch, in.at(y, at), out.at(y, at), maskAt, next - at);
      at = next;
    }
  }
}
