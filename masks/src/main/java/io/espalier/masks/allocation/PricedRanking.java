package io.espalier.masks.allocation;

import java.util.List;

/**
 * One ranking of all parameters' candidates by what their scores are above a price times their
 * cost. Among equal ones those of later parameters rank above, as in a ranking of scores.
 */
final class PricedRanking {
  private final Budget budget;
  private final List<SortedScores> scores;
  private final long[] costs;

  /**
   * @param costs of one unit of each parameter
   */
  PricedRanking(Budget budget, List<SortedScores> scores, long[] costs) {
    this.budget = budget;
    this.scores = scores;
    this.costs = costs;
  }

  /** Returns the counts of the budget, the best of each parameter up to its floor protected. */
  int[] counts(double price) {
    double least =
        OrderedDoubles.least(
            -Double.MAX_VALUE,
            Double.MAX_VALUE,
            value -> sum(above(value, price)) <= budget.kept());
    int[] counts = above(least, price);
    int[] withTies = above(OrderedDoubles.before(least), price);
    long missing = budget.kept() - sum(counts);
    for (int p = counts.length - 1; p >= 0; p--) {
      int given = (int) Math.min(missing, withTies[p] - counts[p]);
      counts[p] += given;
      missing -= given;
    }
    return counts;
  }

  private int[] above(double value, double price) {
    int[] counts = new int[costs.length];
    for (int p = 0; p < counts.length; p++) {
      counts[p] = Math.max(budget.floors().get(p), scores.get(p).above(value + price * costs[p]));
    }
    return counts;
  }

  private static long sum(int[] counts) {
    long sum = 0;
    for (int count : counts) {
      sum += count;
    }
    return sum;
  }

  /** A price at which units of lower cost rank above all others; costs are whole numbers. */
  double highest() {
    double most = Double.NEGATIVE_INFINITY;
    double least = Double.POSITIVE_INFINITY;
    for (SortedScores each : scores) {
      if (each.size() > 0) {
        most = Math.max(most, each.at(1));
        least = Math.min(least, each.at(each.size()));
      }
    }
    return 1 + 4 * Math.max(Math.abs(most), Math.abs(least));
  }
}
