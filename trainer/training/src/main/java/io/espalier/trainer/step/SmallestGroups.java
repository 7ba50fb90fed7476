package io.espalier.trainer.step;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** The groups of one weight with the smallest norms. */
final class SmallestGroups {
  private static final double TOLERANCE = 1e-9;

  private SmallestGroups() {}

  /** Returns a share of the groups, rounded down; of equal norms the first ones. */
  static IntStream of(double[] norms, double share) {
    int count = (int) Math.floor(share * norms.length + TOLERANCE);
    return Arrays.stream(
        IntStream.range(0, norms.length)
            .boxed()
            .sorted(Comparator.comparingDouble(group -> norms[group]))
            .limit(count)
            .mapToInt(Integer::intValue)
            .toArray());
  }
}
