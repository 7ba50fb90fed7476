package io.espalier.masks.allocation;

import java.util.function.DoublePredicate;

/** Bisection among all doubles. */
final class OrderedDoubles {
  private OrderedDoubles() {}

  /**
   * Returns the smallest double above {@code low}, at most {@code high}, of which something holds
   * that holds of {@code high} and of all above one of which it holds.
   */
  static double least(double low, double high, DoublePredicate holds) {
    long below = rank(low);
    long least = rank(high);
    while (below + 1 < least) {
      long middle = (below & least) + ((below ^ least) >> 1); // the mean, which a sum overflows
      if (holds.test(ofRank(middle))) {
        least = middle;
      } else {
        below = middle;
      }
    }
    return ofRank(least);
  }

  /** The double next below. */
  static double before(double value) {
    return ofRank(rank(value) - 1);
  }

  private static long rank(double value) {
    return bits(Double.doubleToLongBits(value));
  }

  private static double ofRank(long rank) {
    return Double.longBitsToDouble(bits(rank));
  }

  /** From bits to a rank and back. */
  private static long bits(long bits) {
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }
}
