package io.espalier.configs;

import java.util.List;

/**
 * How a run prunes.
 *
 * @param sparsity final share of prunable units that is pruned; 0 trains dense
 * @param minKeep share of each parameter's units that is never pruned, at least one unit; channels
 *     have limits of their own
 * @param exclude globs over parameter names that stay dense
 */
public record PruneConfig(
    double sparsity,
    GranularityConfig granularity,
    ScoreConfig score,
    AllocationConfig allocation,
    double minKeep,
    List<String> exclude,
    ScheduleConfig schedule,
    MaskConfig mask,
    RegrowthConfig regrowth) {
  public PruneConfig {
    exclude = List.copyOf(exclude);
    new Rules()
        .require("sparsity", sparsity, sparsity >= 0 && sparsity < 1, "at least 0 and below 1")
        .require(
            "regrowth",
            regrowth,
            regrowth instanceof RegrowthConfig.None || mask instanceof MaskConfig.Hard,
            "none unless the mask is hard")
        .require(
            "mask",
            mask,
            granularity instanceof GranularityConfig.Weight
                || !(mask instanceof MaskConfig.Annealed),
            "hard or soft where channels are pruned")
        .require(
            "regrowth",
            regrowth,
            granularity instanceof GranularityConfig.Weight
                || regrowth instanceof RegrowthConfig.None,
            "none where channels are pruned")
        .require(
            "allocation",
            allocation,
            allocation.allocates(granularity),
            "global, uniform or knapsack where channels are pruned, and not knapsack where weights are")
        .require("min-keep", minKeep, minKeep >= 0 && minKeep <= 1, "from 0 to 1")
        .verify();
  }
}
