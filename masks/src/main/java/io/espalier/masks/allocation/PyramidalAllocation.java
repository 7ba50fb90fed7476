package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import java.util.stream.IntStream;

/**
 * Densities that fall geometrically with depth: parameter {@code l}, from 1, has the density {@code
 * p^l} ("Why random pruning is all we need to start sparse", Gadhikar, Mukherjee and Burkholz,
 * 2023).
 */
final class PyramidalAllocation implements AllocationProvider {
  @Override
  public String name() {
    return "pyramidal";
  }

  @Override
  public boolean sharesChannels() {
    return false;
  }

  @Override
  public Allocation create(MemberSettings settings) {
    return (budget, ranking) -> LargestRemainder.round(budget, shares(budget));
  }

  /** By bisection of {@code p}, to the last bit; what that leaves is one part in 10^16. */
  private static double[] shares(Budget budget) {
    double low = 0;
    double high = 1;
    for (double p = 0.5; low < p && p < high; p = (low + high) / 2) {
      double sum = 0;
      for (double share : shares(budget, p)) {
        sum += share;
      }
      if (sum <= budget.realKept()) {
        low = p;
      } else {
        high = p;
      }
    }
    return shares(budget, low);
  }

  private static double[] shares(Budget budget, double p) {
    return IntStream.range(0, budget.units().size())
        .mapToDouble(
            l ->
                Math.max(
                    budget.floors().get(l),
                    Math.min(
                        budget.caps().get(l), StrictMath.pow(p, l + 1) * budget.units().get(l))))
        .toArray();
  }
}
