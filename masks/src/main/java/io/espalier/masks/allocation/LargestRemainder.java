package io.espalier.masks.allocation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Rounds real keep shares to whole units with an exact sum; ties favour the earlier parameter. */
final class LargestRemainder {
  private LargestRemainder() {}

  static List<Integer> round(Budget budget, double[] shares) {
    // Rounding errors must decide neither a floor nor a tie, so both are taken in steps of this.
    double grain = 1e-9 + 1e-12 * Arrays.stream(shares).max().orElse(0);
    int[] counts = Arrays.stream(shares).mapToInt(share -> (int) (share + grain)).toArray();
    long missing = budget.kept() - Arrays.stream(counts).asLongStream().sum();
    List<Integer> order =
        IntStream.range(0, shares.length)
            .boxed()
            .sorted(
                Comparator.comparingLong(
                    p -> -Math.round(Math.max(0, shares[p] - counts[p]) / grain)))
            .toList();
    while (missing > 0) {
      for (int p : order) {
        if (missing > 0 && counts[p] < budget.caps().get(p)) {
          counts[p]++;
          missing--;
        }
      }
    }
    return Arrays.stream(counts).boxed().toList();
  }
}
