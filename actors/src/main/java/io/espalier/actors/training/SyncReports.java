package io.espalier.actors.training;

import io.espalier.trainer.commit.Commit;
import io.espalier.trainer.commit.EvaluationPart;
import io.espalier.trainer.sync.SyncOutcome;
import java.util.List;

/** Tells the events of a sync, in the order in which they happen. Confined to the coordinator. */
final class SyncReports {
  private final RunEvents events;
  private long markNs = System.nanoTime();

  SyncReports(RunEvents events) {
    this.events = events;
  }

  /**
   * What each trainer measured since the sync before; nothing where it only recalibrated. The
   * commit is made next.
   */
  void intervals(Trainers trainers) {
    for (TrainerSlot slot : trainers.all()) {
      slot.metrics()
          .filter(metrics -> !metrics.losses().isEmpty())
          .ifPresent(metrics -> events.stepsMeasured(slot.trainer(), metrics));
    }
    markNs = System.nanoTime();
  }

  /** The commit that was just made. */
  void synced(SyncOutcome outcome, Trainers trainers) {
    double updateSeconds = outcome.pruning().map(SyncOutcome.Pruning::seconds).orElse(0.0);
    double commitSeconds = Math.max(0, sinceMark() - updateSeconds);
    markNs = System.nanoTime();
    events.synced(outcome, trainers.waitSeconds(), trainers.slowest().trainer(), commitSeconds);
  }

  /** The merged results of a commit's evaluations, in their order. */
  void evaluated(Commit commit, List<EvaluationPart> results) {
    double seconds = sinceMark() / Math.max(1, results.size());
    for (int i = 0; i < results.size(); i++) {
      events.evaluated(
          commit.step(),
          commit.version().number(),
          commit.evaluations().get(i),
          results.get(i),
          seconds);
    }
  }

  private double sinceMark() {
    return (System.nanoTime() - markNs) / 1e9;
  }
}
