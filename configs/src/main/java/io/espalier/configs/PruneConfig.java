package io.espalier.configs;

import java.util.List;

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
 * @param refit what changes kept weights after each update; {@code none} if nothing does
 * @param tolerance how far the final sparsity may be from {@code sparsity} where it is an outcome
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
    MemberSettings regrowth,
    MemberSettings refit,
    double tolerance) {
  /** Of recipes that do not say otherwise. */
  public static final double TOLERANCE = 0.02;

  /** Likewise. */
  public static final double MIN_KEEP = 0.005;

  private static final String NONE = "none";

  public PruneConfig {
    exclude = List.copyOf(exclude);
    new Rules()
        .require("sparsity", sparsity, sparsity >= 0 && sparsity < 1, "at least 0 and below 1")
        .require("min-keep", minKeep, minKeep >= 0 && minKeep <= 1, "from 0 to 1")
        .require("tolerance", tolerance, tolerance >= 0 && tolerance <= 1, "from 0 to 1")
        .verify();
  }

  /** Without a refit, with the default tolerance. */
  public PruneConfig(
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
    this(
        sparsity,
        granularity,
        score,
        allocation,
        selection,
        minKeep,
        exclude,
        schedule,
        mask,
        regrowth,
        MemberSettings.of(NONE),
        TOLERANCE);
  }

  /** The same with another score and allocation. */
  public PruneConfig ranking(MemberSettings otherScore, MemberSettings otherAllocation) {
    return new PruneConfig(
        sparsity,
        granularity,
        otherScore,
        otherAllocation,
        selection,
        minKeep,
        exclude,
        schedule,
        mask,
        regrowth,
        refit,
        tolerance);
  }

  public boolean regrows() {
    return !regrowth.is(NONE);
  }

  public boolean refits() {
    return !refit.is(NONE);
  }
}
