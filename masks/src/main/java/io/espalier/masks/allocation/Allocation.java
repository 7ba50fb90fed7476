package io.espalier.masks.allocation;

import io.espalier.masks.Mask;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.structure.Group;
import java.util.List;

/** Shares a budget out among parameters, or among groups of channels. Deterministic. */
public interface Allocation {
  /**
   * Units that each parameter keeps, in order: {@code budget.kept()} in all, and of each no fewer
   * than its floor and no more than its cap.
   *
   * @param ranking scores of the candidates; each parameter has {@code cap} of them
   */
  List<Integer> counts(Budget budget, Ranking ranking);

  /**
   * The channels to keep of each group where not their number but their cost is limited: by default
   * the best of as many as {@link #counts} can share out within the limit.
   *
   * @param ranking scores of the candidates, each finite and 0 or more
   */
  default List<Mask> keep(CostBudget budget, Ranking ranking) {
    return ranking.top(budget.most(this, ranking));
  }

  /** The fewest channels that {@link #keep} can leave a group under any scores. */
  default int least(Group group, WidthLimits limits) {
    return limits.least(group);
  }
}
