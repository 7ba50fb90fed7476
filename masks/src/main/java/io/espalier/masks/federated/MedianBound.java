package io.espalier.masks.federated;

import java.util.Arrays;

/**
 * Bounds what clients bring to a round by what most of them bring: {@code factor} times the median
 * ("Can you really backdoor federated learning?", Sun et al., 2019, bound norms; "Differentially
 * private learning with adaptive clipping", Andrew et al., 2021, by a quantile of the round).
 *
 * <p>The median is the lower one of an even number, so that false clients, as long as they are no
 * more than half, cannot raise it beyond the largest value of a true one.
 *
 * @param factor 1 or more
 */
public record MedianBound(double factor) {
  public MedianBound {
    if (!(factor >= 1 && factor <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "a bound must be 1 or more times the median: factor=" + factor);
    }
  }

  /** The bound of a round; values of 0 do not count, and without any other it is infinite. */
  public double of(double[] values) {
    double[] sorted = Arrays.stream(values).filter(value -> value > 0).sorted().toArray();
    return sorted.length == 0 ? Double.POSITIVE_INFINITY : factor * sorted[(sorted.length - 1) / 2];
  }
}
