package io.espalier.masks.selection;

/**
 * The order of finite floats as integers: of the float bits themselves where they are not negative,
 * of their complement below 0. Halves of 16 bits are ordered alike. −0 is not among them.
 */
final class OrderedBits {
  private static final int HALF = 0x8000;
  private static final int LAST = 0xffff;

  private OrderedBits() {}

  /** A rank of float bits, as a signed integer; equal to the bits from 0 on. */
  static int rank(int bits) {
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }

  /** The rank of the upper half of float bits, from 0 to 65535. */
  static int upperRank(int upper) {
    return upper < HALF ? upper + HALF : LAST - upper;
  }

  /** The upper half of the float bits that have a rank. */
  static int upper(int upperRank) {
    return upperRank >= HALF ? upperRank - HALF : LAST - upperRank;
  }

  static boolean isNegative(int upperRank) {
    return upperRank < HALF;
  }

  /** The rank of the lower half among the float bits of one upper half; its own inverse. */
  static int lowerRank(int upperRank, int lower) {
    return isNegative(upperRank) ? LAST - lower : lower;
  }

  /** The rank as {@link #rank} gives it, from those of both halves. */
  static int rank(int upperRank, int lowerRank) {
    return (upperRank - HALF) << 16 | lowerRank;
  }
}
