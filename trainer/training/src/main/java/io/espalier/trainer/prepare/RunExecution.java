package io.espalier.trainer.prepare;

import io.espalier.configs.ExecutionConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.trainer.execution.BackEnds;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.objective.Objectives;
import io.espalier.trainer.update.UpdateRule;

/** Checks that what a recipe is computed by can be taken here. */
public final class RunExecution {
  private RunExecution() {}

  /**
   * Requires what {@code train.execution} names.
   *
   * @throws InvalidConfigException if the class path lacks it, or this machine cannot take it
   */
  static void require(RunConfig config) {
    switch (config.train().compute().execution()) {
      case ENGINE -> requireEngine();
      case JAVA -> require(Execution.JAVA, "%s");
      case AUTO -> {}
    }
  }

  /**
   * Requires the engine for a run that chooses by itself and that plain Java cannot compute.
   *
   * @throws InvalidConfigException if there is no engine
   */
  static void require(PreparedRun run) {
    if (run.config().train().compute().execution() == ExecutionConfig.AUTO && !inJava(run)) {
      requireEngine();
    }
  }

  /**
   * Requires the engine for the steps of a run.
   *
   * @throws InvalidConfigException if it is missing
   */
  static void requireEngine() {
    require(
        Execution.ENGINE,
        "the run needs the engine for its steps, and %s; train.execution = java needs none, where"
            + " all layers have a Java form");
  }

  private static void require(Execution execution, String rule) {
    BackEnds.problem(execution)
        .ifPresent(
            problem -> {
              throw InvalidConfigException.of(
                  "train.execution",
                  "must be one that can be taken here: " + rule.formatted(problem));
            });
  }

  /**
   * Whether steps of plain Java cost what is kept: pruned weights are 0 and have nothing beside
   * them, and channels stay.
   */
  public static boolean stepsOnKept(PreparedRun run) {
    return run.config().prune().mask().member().is("hard") && run.channels().isEmpty();
  }

  /**
   * Whether plain Java can compute a run that chooses by itself: one with an objective of the whole
   * network, an optimizer that looks at single weights, a sparse form of each layer, and examples
   * that are at hand.
   */
  public static boolean inJava(PreparedRun run) {
    return !Objectives.trainBlocks(run.config().train())
        && !run.streams()
        && UpdateRule.of(run.config().train().step().optimizer()).isElementwise()
        && BackEnds.compute(Execution.JAVA, run.network());
  }
}
