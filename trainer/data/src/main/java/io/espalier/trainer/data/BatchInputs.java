package io.espalier.trainer.data;

import java.util.Optional;

/** Inputs of a batch. */
@FunctionalInterface
public interface BatchInputs {
  /** {@code [batch, channels, height, width]}, row-major, perhaps with unused values behind. */
  float[] rows();

  /**
   * Writes them as bytes with examples innermost, value {@code x} of example {@code e} to {@code
   * target[x · stride + e]}, or returns nothing where {@link #rows} are to be read.
   */
  default Optional<ByteScaling> bytes(byte[] target, int stride) {
    return Optional.empty();
  }
}
