package io.espalier.masks.allocation;

import io.espalier.masks.selection.Ranking;
import java.util.List;

/**
 * One ranking over all parameters. A parameter's best {@code floor} units are protected, which
 * keeps layers from collapsing; the next-worst units of the others make up for them.
 */
final class GlobalAllocation implements Allocation {
  @Override
  public List<Integer> counts(Budget budget, Ranking ranking) {
    return ranking.topCounts(budget.kept(), budget.floors());
  }
}
