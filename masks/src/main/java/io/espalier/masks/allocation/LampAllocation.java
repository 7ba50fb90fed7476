package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.selection.LayerShares;

/**
 * One ranking over all parameters of scores on one scale, as {@link LayerShares} (LAMP, Lee et al.,
 * 2021). With magnitudes the same as the score of this name under a global allocation.
 */
final class LampAllocation implements AllocationProvider {
  @Override
  public String name() {
    return "lamp";
  }

  @Override
  public Allocation create(MemberSettings settings) {
    return (budget, ranking) ->
        ranking.rescored(LampAllocation::shares).topCounts(budget.kept(), budget.floors());
  }

  private static float[] shares(float[] scores, Mask candidates) {
    float[] shares = new float[scores.length];
    LayerShares.of(scores, candidates, shares);
    return shares;
  }
}
