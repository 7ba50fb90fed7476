package io.espalier.masks.allocation;

import io.espalier.configs.plugin.PluginCall;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.structure.Group;
import java.util.List;

/** Shares a budget out among parameters, or among groups of channels. Deterministic. */
public interface Allocation {
  /** Returns the statistics that the allocation needs beside the scores. */
  @PluginCall(value = "name the statistics it needs", prepares = true)
  default List<StatisticRequest> requests() {
    return List.of();
  }

  /** Returns the allocation of a run whose last update has this sparsity. */
  @PluginCall(value = "look at the last sparsity", prepares = true)
  default Allocation endingAt(double sparsity) {
    return this;
  }

  /**
   * Refuses a budget that it cannot share out under any scores.
   *
   * @param last of the last update of a dense network
   * @param ofNetwork the uses of weights, which are known without a pass
   * @throws io.espalier.configs.InvalidConfigException if it cannot
   */
  @PluginCall(value = "say whether it can share out the budget", prepares = true)
  default void requirePossible(Budget last, Statistics ofNetwork) {}

  /**
   * Returns the allocation of one update: of all prunable parameters, in order, it may read weights
   * and the statistics that it requests.
   */
  @PluginCall("look at an update")
  default Allocation at(List<ScoredParameter> parameters) {
    return this;
  }

  /**
   * The fewest units that each parameter keeps at any sparsity.
   *
   * @param units units of each parameter
   * @param floors those that the recipe protects
   */
  @PluginCall(value = "say what it protects", prepares = true)
  default List<Integer> floors(
      List<ParameterShape> parameters, List<Integer> units, List<Integer> floors) {
    return floors;
  }

  /**
   * Units that each parameter keeps, in order: {@code budget.kept()} in all, and of each no fewer
   * than its floor and no more than its cap.
   *
   * @param ranking scores of the candidates; each parameter has {@code cap} of them
   */
  @PluginCall("share out the budget")
  List<Integer> counts(Budget budget, Ranking ranking);

  /**
   * The channels to keep of each group where not their number but their cost is limited: by default
   * the best of as many as {@link #counts} can share out within the limit.
   *
   * @param ranking scores of the candidates, each finite and 0 or more
   */
  @PluginCall("keep channels within a cost")
  default List<Mask> keep(CostBudget budget, Ranking ranking) {
    return ranking.top(budget.most(this, ranking));
  }

  /** The fewest channels that {@link #keep} can leave a group under any scores. */
  @PluginCall(value = "say how narrow a group may become", prepares = true)
  default int least(Group group, WidthLimits limits) {
    return limits.least(group);
  }
}
