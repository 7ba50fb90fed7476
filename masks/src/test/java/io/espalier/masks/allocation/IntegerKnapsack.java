package io.espalier.masks.allocation;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** The textbook dynamic programme over whole costs: the largest value for each cost. */
final class IntegerKnapsack {
  private IntegerKnapsack() {}

  static OptionalDouble value(List<List<KnapsackOption>> groups, int budget) {
    double[] best = new double[budget + 1];
    Arrays.fill(best, Double.NEGATIVE_INFINITY);
    best[0] = 0;
    for (List<KnapsackOption> options : groups) {
      double[] next = new double[budget + 1];
      Arrays.fill(next, Double.NEGATIVE_INFINITY);
      for (KnapsackOption option : options) {
        for (int cost = (int) option.cost(); cost <= budget; cost++) {
          next[cost] = Math.max(next[cost], best[cost - (int) option.cost()] + option.value());
        }
      }
      best = next;
    }
    double most = Arrays.stream(best).max().orElseThrow();
    return most >= 0 ? OptionalDouble.of(most) : OptionalDouble.empty();
  }
}
