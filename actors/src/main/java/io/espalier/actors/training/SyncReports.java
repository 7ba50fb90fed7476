package io.espalier.actors.training;

import io.espalier.trainer.commit.Commit;
import io.espalier.trainer.commit.EvaluationPart;
import io.espalier.trainer.sync.SyncOutcome;
import java.util.List;

/** Tells the events of a sync, in the order in which they happen. Confined to the coordinator. */
final class SyncReports {
  private final RunEvents events;

  SyncReports(RunEvents events) {
    this.events = events;
  }

  /** What each trainer measured since the sync before; nothing where it only recalibrated. */
  void intervals(Trainers trainers) {
    for (TrainerSlot slot : trainers.all()) {
      slot.metrics()
          .filter(metrics -> !metrics.losses().isEmpty())
          .ifPresent(metrics -> events.stepsMeasured(slot.trainer(), metrics));
    }
  }

  void synced(SyncOutcome outcome, Trainers trainers) {
    events.synced(outcome, trainers.waitSeconds(), trainers.slowest().trainer());
  }

  /** The merged results of a commit's evaluations, in their order. */
  void evaluated(Commit commit, List<EvaluationPart> results) {
    for (int i = 0; i < results.size(); i++) {
      events.evaluated(
          commit.step(), commit.version().number(), commit.evaluations().get(i), results.get(i));
    }
  }
}
