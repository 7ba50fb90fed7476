package io.espalier.trainer.data;

/**
 * An array that rows are written to with examples innermost: value {@code x} of line {@code l} of
 * example {@code e} goes to {@code starts[l] + x · stride + e}.
 *
 * @param width values of a line
 */
@SuppressWarnings("ArrayRecordComponent")
record RowTarget(float[] values, int[] starts, int width, int stride) {
  /** Where value {@code index} of the first example goes. */
  int at(int index) {
    return starts[index / width] + index % width * stride;
  }
}
