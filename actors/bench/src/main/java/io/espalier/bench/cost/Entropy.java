package io.espalier.bench.cost;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;

/**
 * Fewest bits that identify masks of known counts: {@code log2} of the binomial coefficient {@code
 * n over k} for each parameter, from its actual counts.
 */
final class Entropy {
  /** Below it factorials are multiplied out. */
  private static final int SMALL = 32;

  private Entropy() {}

  static double of(MaskSet set) {
    return set.masks().stream().mapToDouble(mask -> bits(mask.kept(), mask.size())).sum();
  }

  /**
   * Bits of what leads from one set to the next, over the units that may flip: those pruned among
   * the kept ones, and those returned among the others.
   */
  static double ofUpdate(MaskSet from, MaskSet to) {
    double bits = 0;
    for (int p = 0; p < from.masks().size(); p++) {
      Mask before = from.masks().get(p);
      Mask after = to.masks().get(p);
      int stayed = before.countAnd(after);
      bits += bits(before.kept() - stayed, before.kept());
      bits += bits(after.kept() - stayed, before.pruned());
    }
    return bits;
  }

  /** {@code log2} of the number of ways to choose {@code chosen} of {@code all}. */
  static double bits(int chosen, int all) {
    double ways = lnFactorial(all) - lnFactorial(chosen) - lnFactorial(all - chosen);
    return ways / Math.log(2);
  }

  /** Stirling's series, whose first left-out term is below 1e-10. */
  private static double lnFactorial(int n) {
    if (n < SMALL) {
      double sum = 0;
      for (int factor = 2; factor <= n; factor++) {
        sum += Math.log(factor);
      }
      return sum;
    }
    double x = n;
    double series = 1 / (12 * x) - 1 / (360 * x * x * x) + 1 / (1260 * Math.pow(x, 5));
    return x * Math.log(x) - x + Math.log(2 * Math.PI * x) / 2 + series;
  }
}
