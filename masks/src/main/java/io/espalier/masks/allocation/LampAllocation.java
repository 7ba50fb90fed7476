package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.selection.LayerShares;

/**
 * One ranking over all parameters of scores on one scale, as {@link LayerShares} (LAMP, Lee et al.,
 * 2021). With magnitudes the same as the score of this name under a global allocation, but for
 * weights of one parameter whose shares are the same number: here the larger ones stay.
 */
final class LampAllocation implements AllocationProvider {
  @Override
  public String name() {
    return "lamp";
  }

  @Override
  public Allocation create(MemberSettings settings) {
    return (budget, ranking) -> ranking.topShareCounts(budget.kept(), budget.floors());
  }
}
