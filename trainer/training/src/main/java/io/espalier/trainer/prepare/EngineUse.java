package io.espalier.trainer.prepare;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.RunConfig;
import io.espalier.masks.schedule.Plan;
import io.espalier.masks.update.StatisticRequests;
import io.espalier.trainer.objective.Objectives;
import java.util.Optional;

/** Finds what a run asks of the engine beside its steps. */
final class EngineUse {
  private EngineUse() {}

  /** Returns what it is from the sync at {@code step} on; empty if nothing. */
  static Optional<String> of(RunConfig config, Plan plan, long step) {
    MemberSettings objective = config.train().loss().objective();
    if (Objectives.hasTeacher(objective)) {
      return Optional.of("train.objective = " + objective.name() + ", whose teacher it computes");
    }
    boolean measures =
        plan.updates().stream().anyMatch(update -> update.step() >= step)
            && StatisticRequests.of(config.prune(), config.seed()).mostBatches() > 0;
    return measures
        ? Optional.of("prune, whose updates measure on data what it computes")
        : Optional.empty();
  }
}
