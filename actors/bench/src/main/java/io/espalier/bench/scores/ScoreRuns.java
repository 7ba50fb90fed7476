package io.espalier.bench.scores;

import io.espalier.bench.scores.TrainedNetworks.Trained;
import io.espalier.configs.ExecutionConfig;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.ExecutionDecision;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The runs of trials. Trials of one trained network share what they measure of it; each ends as a
 * run alone does, to the same bits. Not thread-safe.
 */
final class ScoreRuns {
  private final ScoreTrial.Base base;
  private final BenchData data;
  private final Map<Pruned, ExecutionDecision> decisions = new HashMap<>();
  private Optional<Trained> latest = Optional.empty();
  private SharedMeasurements measurements = new SharedMeasurements();

  /** What decides how long a step takes. */
  private record Pruned(String network, double sparsity) {}

  ScoreRuns(ScoreTrial.Base base, BenchData data) {
    this.base = base;
    this.data = data;
  }

  FinishedRun run(ScoreTrial trial, Trained network) {
    if (!latest.equals(Optional.of(network))) {
      latest = Optional.of(network);
      measurements = new SharedMeasurements();
    }
    PreparedRun run = data.prepare(trial.recipe(base, network.file()).config());
    boolean open =
        run.config().train().compute().execution() == ExecutionConfig.AUTO && trial.epochs() > 0;
    PreparedRun decided = open ? decision(trial, run).of(run) : run;
    return decided.execution(0) == Execution.ENGINE
        ? TrainingLoop.run(decided, LoopListener.NONE, measurements)
        : TrainingLoop.run(decided, LoopListener.NONE);
  }

  private ExecutionDecision decision(ScoreTrial trial, PreparedRun run) {
    return decisions.computeIfAbsent(
        new Pruned(trial.network(), trial.sparsity()), key -> ExecutionDecision.measured(run, 0));
  }
}
