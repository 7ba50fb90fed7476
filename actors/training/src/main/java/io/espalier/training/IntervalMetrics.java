package io.espalier.training;

import io.espalier.telemetry.event.TrainingEvent.SyncTimes;
import java.util.List;

/**
 * Measurements of a trainer between two syncs.
 *
 * @param firstStep completed steps before the first of them
 * @param losses mean loss of each step's batch, in nats
 * @param accuracies share of each step's batch
 * @param learningRate of the last step
 * @param sync times of the sync before them
 */
public record IntervalMetrics(
    long firstStep,
    List<Double> losses,
    List<Double> accuracies,
    double learningRate,
    double computeSeconds,
    long examples,
    SyncTimes sync) {
  public IntervalMetrics {
    losses = List.copyOf(losses);
    accuracies = List.copyOf(accuracies);
  }
}
