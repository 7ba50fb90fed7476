package io.espalier.masks.allocation;

import io.espalier.masks.Mask;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.Groups;
import java.util.List;

/** Scored channels, which may be kept within a cost. */
record RankedChannels(
    Groups groups,
    List<float[]> scores,
    List<Mask> candidates,
    List<Integer> present,
    WidthLimits limits) {

  /** All channels of a whole network. */
  static RankedChannels of(Groups groups, List<float[]> scores, WidthLimits limits) {
    List<Integer> all = groups.all().stream().map(Group::channels).toList();
    return new RankedChannels(groups, scores, groups.allKept(), all, limits);
  }

  List<Mask> keep(Allocation allocation, Cost cost, long budget) {
    return allocation.keep(
        new CostBudget(groups, cost, budget, limits, present), Ranking.of(scores, candidates));
  }
}
