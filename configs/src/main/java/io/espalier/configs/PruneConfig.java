package io.espalier.configs;

/**
 * How a run prunes.
 *
 * @param regrowth the rule by which pruned units of a hard mask return, at 0, in exchange for kept
 *     ones; {@code none} if they do not
 * @param refit what changes kept weights after each update; {@code none} if nothing does
 */
public record PruneConfig(
    TargetConfig target,
    GranularityConfig granularity,
    RankingConfig ranking,
    MemberSettings schedule,
    MaskConfig mask,
    MemberSettings regrowth,
    MemberSettings refit) {
  private static final String NONE = "none";

  /** Without regrowth and refit. */
  public PruneConfig(
      TargetConfig target,
      GranularityConfig granularity,
      RankingConfig ranking,
      MemberSettings schedule,
      MaskConfig mask) {
    this(
        target,
        granularity,
        ranking,
        schedule,
        mask,
        MemberSettings.of(NONE),
        MemberSettings.of(NONE));
  }

  public PruneConfig with(TargetConfig other) {
    return new PruneConfig(other, granularity, ranking, schedule, mask, regrowth, refit);
  }

  public PruneConfig with(GranularityConfig other) {
    return new PruneConfig(target, other, ranking, schedule, mask, regrowth, refit);
  }

  public PruneConfig with(RankingConfig other) {
    return new PruneConfig(target, granularity, other, schedule, mask, regrowth, refit);
  }

  public boolean regrows() {
    return !regrowth.is(NONE);
  }

  public boolean refits() {
    return !refit.is(NONE);
  }
}
