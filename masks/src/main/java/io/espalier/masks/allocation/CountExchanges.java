package io.espalier.masks.allocation;

import java.util.List;

/**
 * Counts of a budget within a limit of cost, changed by exchanges: a parameter keeps its next best
 * units in place of another one's worst. Not thread-safe.
 */
final class CountExchanges {
  private final Budget budget;
  private final List<SortedScores> scores;
  private final long[] costs;
  private final int[] counts;
  private long left;

  /**
   * @param counts changed in place
   * @param left of the limit, 0 or more
   */
  CountExchanges(Budget budget, List<SortedScores> scores, long[] costs, int[] counts, long left) {
    this.budget = budget;
    this.scores = scores;
    this.costs = costs;
    this.counts = counts;
    this.left = left;
  }

  /** Goes as far towards other counts as exchanges for units of higher cost fit. */
  CountExchanges towards(int[] dearer) {
    for (int to = 0; to < counts.length; to++) {
      for (int from = 0; from < counts.length; from++) {
        long more = costs[to] - costs[from];
        if (more > 0) {
          long most = Math.min(dearer[to] - counts[to], counts[from] - dearer[from]);
          exchange(from, to, (int) Math.max(0, Math.min(most, left / more)));
        }
      }
    }
    return this;
  }

  /** Makes the exchange of two units that adds most to the sum of scores until none adds to it. */
  int[] improved() {
    int[] best = best();
    while (best.length > 0) {
      exchange(best[0], best[1], 1);
      best = best();
    }
    return counts;
  }

  /** Where a unit goes and where one enters; empty if no exchange adds to the sum. */
  private int[] best() {
    int[] best = {};
    double most = 0;
    for (int to = 0; to < counts.length; to++) {
      if (counts[to] == budget.caps().get(to)) {
        continue;
      }
      double entering = scores.get(to).at(counts[to] + 1);
      for (int from = 0; from < counts.length; from++) {
        if (counts[from] > budget.floors().get(from) && costs[to] - costs[from] <= left) {
          double more = entering - scores.get(from).at(counts[from]);
          if (more > most) {
            most = more;
            best = new int[] {from, to};
          }
        }
      }
    }
    return best;
  }

  private void exchange(int from, int to, int units) {
    counts[from] -= units;
    counts[to] += units;
    left -= units * (costs[to] - costs[from]);
  }
}
