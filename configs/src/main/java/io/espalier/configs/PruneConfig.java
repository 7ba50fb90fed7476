package io.espalier.configs;

import java.util.List;
import java.util.Set;

/**
 * How a run prunes.
 *
 * @param sparsity final share of prunable units that is pruned; 0 trains dense
 * @param selection how a parameter's ranking becomes kept units
 * @param minKeep share of each parameter's units that is never pruned, at least one unit; channels
 *     have limits of their own
 * @param exclude globs over parameter names that stay dense
 * @param regrowth the rule by which pruned units of a hard mask return, at 0, in exchange for kept
 *     ones; {@code none} if they do not
 */
public record PruneConfig(
    double sparsity,
    GranularityConfig granularity,
    MemberSettings score,
    MemberSettings allocation,
    MemberSettings selection,
    double minKeep,
    List<String> exclude,
    MemberSettings schedule,
    MaskConfig mask,
    MemberSettings regrowth) {
  private static final String NO_REGROWTH = "none";
  private static final String FREE = "free";
  private static final String KNAPSACK = "knapsack";
  private static final Set<String> CHANNEL_ALLOCATIONS = Set.of("global", "uniform", KNAPSACK);

  public PruneConfig {
    exclude = List.copyOf(exclude);
    new Rules()
        .require("sparsity", sparsity, sparsity >= 0 && sparsity < 1, "at least 0 and below 1")
        .require(
            "regrowth",
            regrowth,
            regrowth.is(NO_REGROWTH) || mask.traits().regrows(),
            "none with prune.mask = %s, whose pruned weights live on"
                .formatted(mask.member().name()))
        .require(
            "mask",
            mask,
            granularity instanceof GranularityConfig.Units || mask.traits().channels(),
            "hard, soft or another that takes channels where these are pruned")
        .require(
            "regrowth",
            regrowth,
            regrowth.is(NO_REGROWTH)
                || (granularity.equals(GranularityConfig.WEIGHT) && selection.is(FREE)),
            "none unless single weights are pruned and selected freely")
        .require(
            "selection",
            selection,
            granularity.equals(GranularityConfig.WEIGHT) || selection.is(FREE),
            "free unless single weights are pruned")
        .require(
            "allocation",
            allocation,
            allocates(allocation, granularity),
            "global, uniform or knapsack where channels are pruned, and not knapsack where weights are")
        .require("min-keep", minKeep, minKeep >= 0 && minKeep <= 1, "from 0 to 1")
        .verify();
  }

  public boolean regrows() {
    return !regrowth.is(NO_REGROWTH);
  }

  private static boolean allocates(MemberSettings allocation, GranularityConfig granularity) {
    return granularity instanceof GranularityConfig.Channel
        ? CHANNEL_ALLOCATIONS.contains(allocation.name())
        : !allocation.is(KNAPSACK);
  }
}
