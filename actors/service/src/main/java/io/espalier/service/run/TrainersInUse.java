package io.espalier.service.run;

import io.espalier.service.Ownership;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Trainers that attempts hold, by owner and by project. Belongs to one actor. */
final class TrainersInUse {
  private final Map<String, Long> ofOwners = new HashMap<>();
  private final Map<String, Long> ofProjects = new HashMap<>();

  void take(RunSpec spec) {
    Ownership whose = spec.whose();
    whose.owner().ifPresent(owner -> ofOwners.merge(owner, (long) spec.trainers(), Long::sum));
    ofProjects.merge(whose.project(), (long) spec.trainers(), Long::sum);
  }

  /** Why a run must wait for other runs of its owner or project; empty if it need not. */
  Optional<String> full(RunSpec spec) {
    return spec.trainerLimits()
        .flatMap(
            limits ->
                spec.whose()
                    .owner()
                    .flatMap(owner -> full(spec, limits.owner(), "owner=" + owner, used(owner)))
                    .or(
                        () ->
                            full(
                                spec,
                                limits.project(),
                                "project=" + spec.whose().project(),
                                ofProjects.getOrDefault(spec.whose().project(), 0L))));
  }

  private long used(String owner) {
    return ofOwners.getOrDefault(owner, 0L);
  }

  private static Optional<String> full(RunSpec spec, OptionalLong limit, String whose, long used) {
    return limit.isPresent() && used + spec.trainers() > limit.getAsLong()
        ? Optional.of(
            "waits for %d trainer%s of the quota of %s: %d of %d in use"
                .formatted(
                    spec.trainers(),
                    spec.trainers() == 1 ? "" : "s",
                    whose,
                    used,
                    limit.getAsLong()))
        : Optional.empty();
  }
}
