package io.espalier.masks.allocation;

import java.util.List;

/** Counts that are real numbers of units, moved together until they meet the budget. */
final class ShiftedShares {
  private ShiftedShares() {}

  /** Exact counts for {@code offsets} in units, to which every parameter adds the same share. */
  static List<Integer> counts(Budget budget, double[] offsets) {
    double[] sizes = budget.units().stream().mapToDouble(Integer::doubleValue).toArray();
    return LargestRemainder.round(budget, KeepShares.of(budget, offsets, sizes));
  }
}
