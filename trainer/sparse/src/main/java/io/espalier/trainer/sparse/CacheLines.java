package io.espalier.trainer.sparse;

import org.jspecify.annotations.Nullable;

/**
 * Finds where cache lines begin in an array. A vector that lies across two of them takes twice as
 * long to read, and Java puts arrays anywhere.
 *
 * <p>Only time depends on the answer, which the garbage collector may make wrong at any moment.
 * Confined to one thread.
 */
final class CacheLines {
  /** Values of a line. */
  static final int FLOATS = 16;

  private static final int BYTES = FLOATS * Float.BYTES;
  private static final @Nullable Addresses ADDRESSES = Addresses.find();

  private final Object[] reference = new Object[1];

  /**
   * The index, below {@link #FLOATS}, of the first value at the start of a line; 0 where addresses
   * cannot be read.
   */
  int start(float[] array) {
    if (ADDRESSES == null || array.length == 0) {
      return 0;
    }
    reference[0] = array;
    return (int) (-ADDRESSES.ofFirstValue(reference) & (BYTES - 1)) / Float.BYTES;
  }
}
