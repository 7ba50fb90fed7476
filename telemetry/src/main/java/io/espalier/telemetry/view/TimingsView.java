package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.TrainingEvent;
import java.util.SortedMap;
import java.util.TreeMap;

final class TimingsView {
  private static final int COMPUTE = 0;
  private static final int TRANSFER = 1;
  private static final int IDLE = 2;
  private static final int APPLY = 3;
  private static final int EVALUATE = 4;
  private static final int SYNCS = 5;
  private static final int AMOUNTS = 6;

  private final VoidedSteps voided;
  private final SortedMap<Integer, Tally> trainers = new TreeMap<>();
  private final Tally averaging;
  private final Tally finals;

  TimingsView(VoidedSteps voided) {
    this.voided = voided;
    averaging = new Tally(voided, 1);
    finals = new Tally(voided, 1);
  }

  void take(Envelope envelope) {
    int attempt = envelope.attempt();
    if (envelope.event() instanceof TrainingEvent.StepsMeasured steps) {
      if (steps.trainer() >= 0 && steps.trainer() < TrainingView.MOST_TRAINERS) {
        steps(attempt, steps);
      }
    } else if (envelope.event() instanceof TrainingEvent.SyncCompleted sync) {
      averaging.add(attempt, sync.step(), sync.commitSeconds());
    } else if (envelope.event() instanceof TrainingEvent.EvaluationCompleted evaluation
        && evaluation.phase().equals(TrainingEvent.EvaluationCompleted.FINAL)) {
      finals.add(attempt, evaluation.step(), evaluation.seconds());
    }
  }

  private void steps(int attempt, TrainingEvent.StepsMeasured steps) {
    TrainingEvent.SyncTimes sync = steps.sync().orElse(new TrainingEvent.SyncTimes(0, 0, 0, 0, 0));
    trainers
        .computeIfAbsent(steps.trainer(), key -> new Tally(voided, AMOUNTS))
        .add(
            attempt,
            steps.lastStep(),
            steps.computeSeconds(),
            sync.uploadSeconds() + sync.downloadSeconds(),
            sync.waitSeconds(),
            sync.applySeconds(),
            sync.evaluateSeconds(),
            steps.sync().isPresent() ? 1 : 0);
  }

  /**
   * Returns {@code [{trainer, compute, transfer, wait, average, prune, apply, evaluate}]} in
   * seconds, {@code wait} for other trainers; empty if events report only steps.
   */
  ArrayNode json(double prune) {
    ArrayNode rows = ViewJson.array();
    if (trainers.values().stream().allMatch(each -> each.total(SYNCS) == 0)) {
      return rows;
    }
    double average = averaging.total(0);
    trainers.forEach(
        (trainer, time) ->
            rows.addObject()
                .put("trainer", trainer)
                .put("compute", time.total(COMPUTE))
                .put("transfer", time.total(TRANSFER))
                .put("wait", Math.max(0, time.total(IDLE) - average - prune))
                .put("average", average)
                .put("prune", prune)
                .put("apply", time.total(APPLY))
                // The last evaluation is followed by no steps that could report it.
                .put("evaluate", time.total(EVALUATE) + finals.total(0)));
    return rows;
  }
}
