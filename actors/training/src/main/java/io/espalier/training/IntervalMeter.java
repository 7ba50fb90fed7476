package io.espalier.training;

import io.espalier.telemetry.event.TrainingEvent.SyncTimes;
import io.espalier.trainer.replica.Replica.StepOutcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Measures the steps of one interval and the time between intervals in laps, each of which ends
 * when its work is done. Confined to its trainer.
 */
final class IntervalMeter {
  private final LongSupplier clockNs;
  private final List<Double> losses = new ArrayList<>();
  private final List<Double> accuracies = new ArrayList<>();
  private final Map<Lap, Long> laps = new EnumMap<>(Lap.class);
  private long firstStep;
  private double learningRate;
  private long examples;
  private long lapStartNs;

  enum Lap {
    COMPUTE,
    UPLOAD,
    WAIT,
    DOWNLOAD,
    APPLY,
    EVALUATE
  }

  IntervalMeter(LongSupplier clockNs) {
    this.clockNs = clockNs;
    skip();
  }

  /** Starts a lap; the time since the last one is not counted. */
  void skip() {
    lapStartNs = clockNs.getAsLong();
  }

  void lap(Lap lap) {
    lap(lap, Lap.EVALUATE, 0);
  }

  /** Ends a lap of which {@code otherNs} belong to another. */
  void lap(Lap lap, Lap other, long otherNs) {
    long now = clockNs.getAsLong();
    laps.merge(lap, now - lapStartNs - otherNs, Long::sum);
    laps.merge(other, otherNs, Long::sum);
    lapStartNs = now;
  }

  void add(StepOutcome outcome) {
    lap(Lap.COMPUTE);
    if (losses.isEmpty()) {
      firstStep = outcome.step();
    }
    losses.add(outcome.loss());
    accuracies.add((double) outcome.correct() / outcome.examples());
    learningRate = outcome.learningRate();
    examples += outcome.examples();
  }

  IntervalMetrics take() {
    SyncTimes sync =
        new SyncTimes(
            seconds(Lap.UPLOAD),
            seconds(Lap.WAIT),
            seconds(Lap.DOWNLOAD),
            seconds(Lap.APPLY),
            seconds(Lap.EVALUATE));
    IntervalMetrics metrics =
        new IntervalMetrics(
            firstStep, losses, accuracies, learningRate, seconds(Lap.COMPUTE), examples, sync);
    losses.clear();
    accuracies.clear();
    laps.clear();
    examples = 0;
    return metrics;
  }

  private double seconds(Lap lap) {
    return laps.getOrDefault(lap, 0L) / 1e9;
  }
}
