package io.espalier.trainer.prepare;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.RunConfig;
import io.espalier.masks.schedule.Plan;
import io.espalier.masks.update.StatisticRequests;
import io.espalier.trainer.execution.BackEnds;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.objective.Objectives;
import java.util.Optional;

/** Finds what a run in plain Java asks of the engine beside its steps. */
final class EngineUse {
  private EngineUse() {}

  /**
   * Requires the engine where a run needs it from the sync at {@code step} on.
   *
   * @throws InvalidConfigException if it is missing
   */
  static void require(PreparedRun run, long step) {
    Optional<String> problem = BackEnds.problem(Execution.ENGINE);
    if (problem.isEmpty()) {
      return;
    }
    if (run.execution(step) == Execution.ENGINE) {
      RunExecution.requireEngine();
    }
    of(run.config(), run.plan(), step)
        .ifPresent(
            use -> {
              throw InvalidConfigException.of(
                  "train.execution",
                  "must be one that can be taken here: the run needs the engine for %s, and %s; without it take scores of weights alone, such as magnitude, and train.objective = cross-entropy"
                      .formatted(use, problem.get()));
            });
  }

  /** Returns what it is from the sync at {@code step} on; empty if nothing. */
  static Optional<String> of(RunConfig config, Plan plan, long step) {
    MemberSettings objective = config.train().loss().objective();
    if (Objectives.hasTeacher(objective)) {
      return Optional.of("the teacher of train.objective = " + objective.name());
    }
    boolean measures =
        plan.updates().stream().anyMatch(update -> update.step() >= step)
            && StatisticRequests.of(config.prune(), config.seed()).mostBatches() > 0;
    return measures ? Optional.of("what the updates of prune measure on data") : Optional.empty();
  }
}
