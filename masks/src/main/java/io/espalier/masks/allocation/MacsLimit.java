package io.espalier.masks.allocation;

import io.espalier.configs.InvalidConfigException;
import io.espalier.masks.Counts;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Multiply-accumulates that kept weights of a budget may take.
 *
 * @param uses of one weight of each parameter
 */
record MacsLimit(Budget budget, List<Long> uses) {
  MacsLimit {
    uses = List.copyOf(uses);
  }

  /** The multiply-accumulates that counts of each parameter take. */
  long of(IntUnaryOperator counts) {
    return parameters().mapToLong(p -> uses.get(p) * counts.applyAsInt(p)).sum();
  }

  private IntStream parameters() {
    return IntStream.range(0, uses.size());
  }

  private long dense() {
    return of(budget.units()::get);
  }

  /** The multiply-accumulates of the budget where the weights of fewest uses stay. */
  private long least() {
    long sum = of(budget.floors()::get);
    long missing = budget.kept() - sum(budget.floors());
    for (int p : parameters().boxed().sorted(Comparator.comparingLong(uses::get)).toList()) {
      long more = Math.min(missing, budget.caps().get(p) - budget.floors().get(p));
      sum += more * uses.get(p);
      missing -= more;
    }
    return sum;
  }

  /**
   * Refuses a share that no choice of the budget's weights can meet.
   *
   * @throws InvalidConfigException if it is
   */
  void requirePossible(double share) {
    if (least() > Counts.within(share, dense())) {
      throw InvalidConfigException.of(
          "prune.allocation.macs",
          ("must not be less than what the weights of fewest uses take: macs=%s, least=%s,"
                  + " sparsity=%s, kept=%d; raise macs, prune more, or protect less by"
                  + " prune.min-keep")
              .formatted(
                  share,
                  Math.ceil(1e4 * least() / dense()) / 1e4,
                  budget.sparsity(),
                  budget.kept()));
    }
  }

  /**
   * The limit of an update. That of the last one is the share; before, the limit falls from what
   * the dense network takes in proportion to the weights that have gone. It is lower where weights
   * kept above floors would cost more on average than at the end: weights need not return, and the
   * last limit must stay within reach. It is never below the least possible.
   *
   * @param share of the dense network's that the last update may leave
   * @param sparsity of the last update
   * @throws InvalidConfigException if the last update cannot meet its share
   */
  long at(double share, double sparsity) {
    long all = sum(budget.units());
    long lastKept = Counts.kept(sparsity, all);
    long last = Counts.within(share, dense());
    if (budget.kept() <= lastKept) {
      requirePossible(share);
      return last;
    }
    double gone = (double) (all - budget.kept()) / (all - lastKept);
    double limit = dense() - gone * (dense() - last);
    long floors = sum(budget.floors());
    if (lastKept > floors) {
      double more = (double) (budget.kept() - floors) / (lastKept - floors);
      long protectedOnes = of(budget.floors()::get);
      limit = Math.min(limit, protectedOnes + more * (last - protectedOnes));
    }
    return Math.max(least(), (long) limit);
  }

  private static long sum(List<Integer> counts) {
    return counts.stream().mapToLong(Integer::longValue).sum();
  }
}
