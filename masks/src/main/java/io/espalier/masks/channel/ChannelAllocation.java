package io.espalier.masks.channel;

import io.espalier.masks.Mask;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Group;
import java.util.List;

/** How groups share what a budget allows. Deterministic. */
interface ChannelAllocation {
  /**
   * The channels that stay: candidates only, within the limits, and together for no more than the
   * budget.
   *
   * @return one mask per group
   * @throws IllegalArgumentException if the budget is less than what {@link #least} leaves of all
   *     groups costs
   */
  List<Mask> keep(ChannelRanking ranking, Cost cost, long budget);

  /** Fewest channels that it may have to leave a group, whatever the scores. */
  default int least(Group group, WidthLimits limits) {
    return limits.least(group);
  }
}
