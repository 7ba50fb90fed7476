package io.espalier.training;

import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.SyncOutcome;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reports the events of a sync in order. Confined to the coordinator. */
final class SyncEventReporter {
  private final RunListener events;
  private final SortedMap<Integer, IntervalMetrics> intervals = new TreeMap<>();
  private long markNs = System.nanoTime();

  SyncEventReporter(RunListener events) {
    this.events = events;
  }

  /**
   * Keeps the trainers' measurements until the commit is sent, but not those of a recalibration.
   */
  void take(TrainerSlots trainers) {
    for (TrainerSlot slot : trainers.all()) {
      slot.metrics()
          .filter(metrics -> !metrics.losses().isEmpty())
          .ifPresent(metrics -> intervals.put(slot.trainer(), metrics));
    }
    markNs = System.nanoTime();
  }

  /** Reports the kept intervals, then the commit. */
  void synced(SyncOutcome outcome, TrainerSlots trainers) {
    double updateSeconds = outcome.pruning().map(SyncOutcome.Pruning::seconds).orElse(0.0);
    double commitSeconds = Math.max(0, sinceMark() - updateSeconds);
    markNs = System.nanoTime();
    intervals.forEach(events::stepsMeasured);
    intervals.clear();
    events.synced(outcome, trainers.waitSeconds(), trainers.slowest().trainer(), commitSeconds);
  }

  /** Reports the merged results of a commit's evaluations, in their order. */
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
