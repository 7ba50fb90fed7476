package io.espalier.masks.allocation;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Real numbers of units in given proportions, from given offsets on, each held between its floor
 * and its cap.
 *
 * <p>Finds λ with {@code Σ clip(offset + λ · proportion, floor, cap) = kept}. The sum is piecewise
 * linear in λ with bends where a parameter leaves its floor or reaches its cap: walk to the last
 * bend below the target, then solve the linear piece.
 */
final class KeepShares {
  private final Budget budget;
  private final double[] offsets;
  private final double[] proportions;

  private KeepShares(Budget budget, double[] offsets, double[] proportions) {
    this.budget = budget;
    this.offsets = offsets;
    this.proportions = proportions;
  }

  static double[] of(Budget budget, double[] proportions) {
    return of(budget, new double[proportions.length], proportions);
  }

  static double[] of(Budget budget, double[] offsets, double[] proportions) {
    KeepShares shares = new KeepShares(budget, offsets, proportions);
    double factor = shares.factor(budget.realKept());
    return shares.parameters().mapToDouble(p -> shares.share(p, factor)).toArray();
  }

  private double factor(double target) {
    double bend = bends().filter(factor -> sum(factor) <= target).max().orElse(0);
    double fixed = 0;
    double free = 0;
    for (int p = 0; p < proportions.length; p++) {
      if (bend >= floorBend(p) && bend < capBend(p)) {
        free += proportions[p];
        fixed += offsets[p];
      } else {
        fixed += share(p, bend);
      }
    }
    return free == 0 ? bend : (target - fixed) / free;
  }

  private DoubleStream bends() {
    return DoubleStream.concat(
        parameters().mapToDouble(this::floorBend), parameters().mapToDouble(this::capBend));
  }

  private double floorBend(int p) {
    return (budget.floors().get(p) - offsets[p]) / proportions[p];
  }

  private double capBend(int p) {
    return (budget.caps().get(p) - offsets[p]) / proportions[p];
  }

  private double sum(double factor) {
    return parameters().mapToDouble(p -> share(p, factor)).sum();
  }

  private double share(int p, double factor) {
    return Math.max(
        budget.floors().get(p),
        Math.min(budget.caps().get(p), offsets[p] + factor * proportions[p]));
  }

  private IntStream parameters() {
    return IntStream.range(0, proportions.length);
  }
}
