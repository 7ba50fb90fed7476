package io.espalier.trainer.sparse;

/** Inputs of a batch. */
@FunctionalInterface
public interface BatchInputs {
  /** {@code [batch, channels, height, width]}, row-major, perhaps with unused values behind. */
  float[] rows();

  /**
   * Writes them with examples innermost, or returns false where {@link #rows} are no slower. Value
   * {@code x} of line {@code l} of example {@code e} goes to {@code starts[l] + x · stride + e}.
   *
   * @param width values of a line: a row of an image, or all values of an example
   */
  default boolean transpose(float[] target, int[] starts, int width, int stride) {
    return false;
  }
}
