package io.espalier.service.run;

import io.espalier.service.FullQuota;
import io.espalier.service.FullQuota.Holder;
import io.espalier.service.FullQuota.Rule;
import io.espalier.service.Ownership;
import io.espalier.service.Quota;
import io.espalier.service.Quotas;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** The quotas of an owner and a project against the runs that the scheduler knows. */
record QuotaCheck(SchedulerState state, Ownership whose, Instant now) {
  /** Why a run could never start; empty if it could. */
  static Optional<SchedulerReply.Unfit> unfit(RunSpec spec) {
    return spec.trainerLimits()
        .flatMap(
            limits ->
                unfit(spec, limits.owner(), "owner=" + spec.whose().owner().orElse(""))
                    .or(() -> unfit(spec, limits.project(), "project=" + spec.whose().project())));
  }

  private static Optional<SchedulerReply.Unfit> unfit(
      RunSpec spec, OptionalLong limit, String holder) {
    return limit.isPresent() && spec.trainers() > limit.getAsLong()
        ? Optional.of(
            new SchedulerReply.Unfit(
                "train.trainers",
                "trainers must be within the quota: train.trainers=%d, quota of %s=%d; submit with fewer trainers"
                    .formatted(spec.trainers(), holder, limit.getAsLong())))
        : Optional.empty();
  }

  /** The quota that leaves no room for one more submission. */
  Optional<FullQuota> submission(Quotas quotas) {
    return hourly(quotas.owner(), Holder.OWNER)
        .or(() -> hourly(quotas.project(), Holder.PROJECT))
        .or(() -> unfinished(quotas));
  }

  /** The quota that leaves no room for one more run that has not ended. */
  Optional<FullQuota> unfinished(Quotas quotas) {
    return unfinished(quotas.owner(), Holder.OWNER)
        .or(() -> unfinished(quotas.project(), Holder.PROJECT));
  }

  private Optional<FullQuota> hourly(Quota quota, Holder holder) {
    if (quota.submissionsPerHour().isEmpty()) {
      return Optional.empty();
    }
    long limit = quota.submissionsPerHour().getAsLong();
    Predicate<Ownership> counts = counts(holder);
    return state
        .recent()
        .free(counts, now, limit)
        .map(
            free ->
                FullQuota.of(
                        Rule.SUBMISSIONS_PER_HOUR,
                        holder,
                        whose,
                        limit,
                        state.recent().count(counts, now))
                    .resettingAt(free));
  }

  private Optional<FullQuota> unfinished(Quota quota, Holder holder) {
    if (quota.runs().isEmpty()) {
      return Optional.empty();
    }
    long limit = quota.runs().getAsLong();
    long used =
        state.unfinished().stream()
            .filter(entry -> counts(holder).test(entry.spec().whose()))
            .count();
    return used >= limit
        ? Optional.of(FullQuota.of(Rule.RUNS, holder, whose, limit, used))
        : Optional.empty();
  }

  private Predicate<Ownership> counts(Holder holder) {
    return holder == Holder.OWNER
        ? other -> whose.owner().isPresent() && whose.owner().equals(other.owner())
        : other -> whose.project().equals(other.project());
  }
}
