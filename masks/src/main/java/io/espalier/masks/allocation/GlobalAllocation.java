package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;

/**
 * One ranking over all parameters. A parameter's best {@code floor} units are protected, which
 * keeps layers from collapsing; the next-worst units of the others make up for them.
 */
final class GlobalAllocation implements AllocationProvider {
  @Override
  public String name() {
    return "global";
  }

  @Override
  public Allocation create(MemberSettings settings) {
    return (budget, ranking) -> ranking.topCounts(budget.kept(), budget.floors());
  }
}
