package io.espalier.actors.training;

import java.util.List;

/**
 * What a trainer measured between two syncs.
 *
 * @param firstStep completed steps before the first of them
 * @param losses mean loss of each step's batch, in nats
 * @param accuracies share of each step's batch that was right
 * @param learningRate of the last step
 * @param computeSeconds spent in steps
 */
public record IntervalMetrics(
    long firstStep,
    List<Double> losses,
    List<Double> accuracies,
    double learningRate,
    double computeSeconds,
    long examples) {
  public IntervalMetrics {
    losses = List.copyOf(losses);
    accuracies = List.copyOf(accuracies);
  }
}
