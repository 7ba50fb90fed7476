package io.espalier.masks.channel;

import io.espalier.masks.Mask;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Group;
import java.util.List;

/** How groups share a budget. Deterministic. */
interface ChannelAllocation {
  /**
   * The channels to keep, one mask per group: candidates only, within the limits and the budget.
   *
   * @throws IllegalArgumentException if the budget is less than what {@link #least} leaves of all
   *     groups costs
   */
  List<Mask> keep(ChannelRanking ranking, Cost cost, long budget);

  /** Fewest channels that it may have to leave a group, whatever the scores. */
  default int least(Group group, WidthLimits limits) {
    return limits.least(group);
  }
}
