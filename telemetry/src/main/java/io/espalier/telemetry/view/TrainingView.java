package io.espalier.telemetry.view;

import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.telemetry.event.TrainingEvent.SyncTimes;
import java.util.List;

final class TrainingView {
  static final int MOST_TRAINERS = 4_096;

  private static final int SENT = 0;
  private static final int DENSE = 1;

  private final SeriesSet series;
  private final StepMeans means;
  private final StepMeans times;
  private final Tally traffic;

  TrainingView(VoidedSteps voided, SeriesSet series) {
    this.series = series;
    means = new StepMeans(voided, List.of(series.of("trainLoss"), series.of("trainAccuracy")));
    times =
        new StepMeans(
            voided,
            List.of(
                series.of("time/compute"),
                series.of("time/transfer"),
                series.of("time/wait"),
                series.of("time/apply"),
                series.of("time/evaluate")));
    traffic = new Tally(voided, 2);
  }

  void take(Envelope envelope) {
    if (envelope.event() instanceof StepsMeasured steps) {
      steps(envelope.attempt(), steps);
    } else if (envelope.event() instanceof SyncCompleted sync) {
      sync(envelope.attempt(), sync);
    } else if (envelope.event() instanceof EvaluationCompleted evaluation) {
      evaluation(envelope.attempt(), evaluation);
    }
  }

  private void steps(int attempt, StepsMeasured steps) {
    int count = steps.losses().size();
    if (count == 0 || steps.trainer() < 0 || steps.trainer() >= MOST_TRAINERS) {
      return;
    }
    for (int i = 0; i < count; i++) {
      double accuracy = i < steps.accuracies().size() ? steps.accuracies().get(i) : Double.NaN;
      means.add(attempt, steps.trainer(), steps.firstStep() + i, steps.losses().get(i), accuracy);
    }
    long last = steps.firstStep() + count - 1;
    series.put("learningRate", attempt, last, steps.learningRate());
    // The further events of a long interval report steps alone.
    steps.sync().ifPresent(sync -> times(attempt, steps, sync, last));
  }

  private void times(int attempt, StepsMeasured steps, SyncTimes sync, long last) {
    double perStep = 1_000.0 / steps.losses().size();
    times.add(
        attempt,
        steps.trainer(),
        last,
        perStep * steps.computeSeconds(),
        perStep * (sync.uploadSeconds() + sync.downloadSeconds()),
        perStep * sync.waitSeconds(),
        perStep * sync.applySeconds(),
        perStep * sync.evaluateSeconds());
  }

  private void sync(int attempt, SyncCompleted sync) {
    double sent = (double) sync.bytesUp() + sync.bytesDown();
    double dense = (double) sync.bytesDense();
    series.put("waitSeconds", attempt, sync.step(), sync.waitSeconds());
    series.put("bytes", attempt, sync.step(), sent);
    series.put("bytesDense", attempt, sync.step(), dense);
    traffic.add(attempt, sync.step(), sent, dense);
  }

  private void evaluation(int attempt, EvaluationCompleted evaluation) {
    boolean heldOut = evaluation.set().equals(EvaluationCompleted.HOLD_OUT);
    boolean ends = evaluation.phase().equals(EvaluationCompleted.FINAL);
    if (evaluation.set().equals(EvaluationCompleted.TEST) || (heldOut && ends)) {
      put("test", attempt, evaluation);
    } else if (evaluation.set().equals(EvaluationCompleted.VALIDATION) || heldOut) {
      boolean before = evaluation.phase().equals(EvaluationCompleted.BEFORE_UPDATE);
      put(before ? "beforeUpdate" : "validation", attempt, evaluation);
    }
  }

  private void put(String name, int attempt, EvaluationCompleted evaluation) {
    series.put(name + "Loss", attempt, evaluation.step(), evaluation.loss());
    series.put(name + "Accuracy", attempt, evaluation.step(), evaluation.accuracy());
    evaluation
        .bitsPerCharacter()
        .ifPresent(bits -> series.put(name + "Bits", attempt, evaluation.step(), bits));
  }

  void settle(int trainers, boolean ended) {
    means.trainers(trainers);
    times.trainers(trainers);
    means.showWaiting(ended);
    times.showWaiting(ended);
  }

  long sent() {
    return (long) traffic.total(SENT);
  }

  /** Returns bytes that syncs would have sent without pruning. */
  long dense() {
    return (long) traffic.total(DENSE);
  }
}
