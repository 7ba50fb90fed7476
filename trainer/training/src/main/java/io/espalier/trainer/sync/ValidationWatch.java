package io.espalier.trainer.sync;

import io.espalier.configs.Metric;
import io.espalier.configs.StopEarlyConfig;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.ValidationRecord.Score;
import java.util.List;
import java.util.Optional;

/**
 * Follows the evaluations on the validation split. The best state counts from the update that
 * reaches the final sparsity: a denser network of an earlier step never wins. An early end counts
 * from the last update on, so that no weight is exchanged and not trained. Not thread-safe.
 */
final class ValidationWatch {
  private final Metric metric;
  private final boolean keepsBest;
  private final Optional<StopEarlyConfig> stopEarly;
  private final long finalSparsityStep;
  private final long settledStep;
  private ValidationRecord record;

  ValidationWatch(PreparedRun run, ValidationRecord record) {
    this.metric = run.dataset().metric();
    this.keepsBest = run.config().train().keep().best();
    this.stopEarly = run.config().train().clock().stopEarly();
    this.finalSparsityStep = run.plan().finalSparsityStep();
    this.settledStep = run.plan().settledStep();
    this.record = record;
  }

  ValidationRecord record() {
    return record;
  }

  /** Takes in the merged results of a commit's evaluations; returns a new best score. */
  Optional<Score> evaluated(Commit commit, List<EvaluationPart> results) {
    Optional<Score> before = record.best();
    for (int i = 0; i < results.size(); i++) {
      EvaluationRequest request = commit.evaluations().get(i);
      if (request.set() == EvaluationRequest.Set.VALIDATION
          && request.phase() != EvaluationRequest.Phase.BEFORE_UPDATE) {
        take(Score.of(commit.step(), results.get(i), metric));
      }
    }
    return record.best().equals(before) ? Optional.empty() : record.best();
  }

  private void take(Score score) {
    if (keepsBest && score.step() >= finalSparsityStep) {
      record = record.withBest(score);
    }
    if (stopEarly.isPresent() && score.step() >= settledStep) {
      record = record.withScore(score, stopEarly.get().minGain());
    }
  }

  /** Whether the run ends at its next sync. */
  boolean ends() {
    return stopEarly.filter(early -> record.withoutGain() >= early.patience()).isPresent();
  }
}
