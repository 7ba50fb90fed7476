package io.espalier.trainer.sparse;

/** Every {@code stride}-th row and position of an image, of all channels. Mutable. */
final class ImageRows {
  private final Tensor tensor;
  private final boolean isGradient;
  private final int firstRow;
  private final int firstColumn;
  private final int stride;
  private final int ahead;
  private float[] values = new float[0];
  private int batch;
  private int start;
  private int row;
  private int plane;

  private ImageRows(
      Tensor tensor, boolean isGradient, int firstRow, int firstColumn, int stride, int ahead) {
    this.tensor = tensor;
    this.isGradient = isGradient;
    this.firstRow = firstRow;
    this.firstColumn = firstColumn;
    this.stride = stride;
    this.ahead = ahead;
  }

  /**
   * @param ahead from a row to the last of those that its window needs
   */
  static ImageRows ofValues(Tensor of, int firstRow, int firstColumn, int stride, int ahead) {
    return new ImageRows(of, false, firstRow, firstColumn, stride, ahead);
  }

  /** As {@link #ofValues}, of a tensor's gradient. */
  static ImageRows ofGradient(Tensor of, int firstRow, int firstColumn, int stride, int ahead) {
    return new ImageRows(of, true, firstRow, firstColumn, stride, ahead);
  }

  /** Finds where values lie for a batch of {@code size}. */
  void place(int size) {
    batch = size;
    if (isGradient) {
      values = tensor.gradient();
      start = tensor.gradientAt(0, firstRow, firstColumn, size);
      row = tensor.gradientRow() * size;
      plane = tensor.gradientPlane() * size;
    } else {
      values = tensor.values();
      start = tensor.at(0, firstRow, firstColumn, size);
      row = tensor.row() * size;
      plane = tensor.plane() * size;
    }
  }

  int channels() {
    return tensor.channels;
  }

  int stride() {
    return stride;
  }

  /** From a channel to the next, in values. */
  int plane() {
    return plane;
  }

  /** Where the {@code i}-th value of a row lies, in channel 0. */
  int at(int y, int i) {
    return start + y * stride * row + i + i / batch * (stride - 1) * batch;
  }

  /**
   * Reads a value of each cache line of a part of a row, channel by channel. Loops that take few
   * lines of many channels at a time would wait for each, since processors foresee only reads of
   * lines that lie side by side. Returns a sum of them.
   */
  float read(int y, int from, int to) {
    float sum = 0;
    int first = at(y, from) + ahead * row;
    int count = (to - from) * stride;
    for (int c = 0; c < tensor.channels; c++) {
      int at = first + c * plane;
      sum += read(at, Math.min(values.length, at + count));
    }
    return sum;
  }

  private float read(int from, int to) {
    int line = CacheLines.FLOATS;
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int at = from;
    for (; at + 3 * line < to; at += 4 * line) {
      a += values[at];
      b += values[at + line];
      c += values[at + 2 * line];
      d += values[at + 3 * line];
    }
    for (; at < to; at += line) {
      a += values[at];
    }
    return a + b + c + d;
  }
}
