package io.espalier.training;

import java.util.List;

/**
 * What a trainer measured between two syncs.
 *
 * @param firstStep completed steps before the first of them
 * @param losses mean loss of each step's batch, in nats
 * @param accuracies share of each step's batch that was right
 * @param learningRate of the last step
 * @param computeSeconds spent in steps
 * @param sync what the sync before them cost
 */
public record IntervalMetrics(
    long firstStep,
    List<Double> losses,
    List<Double> accuracies,
    double learningRate,
    double computeSeconds,
    long examples,
    Sync sync) {
  /**
   * What a sync costs a trainer: the seconds from its last step before it to its first one after
   * it, one part after the other.
   *
   * @param uploadSeconds until the coordinator had its state
   * @param waitSeconds for the other trainers and the coordinator
   * @param downloadSeconds until the committed state was here
   * @param applySeconds packing its own state and taking over the committed one
   * @param evaluateSeconds its part of the evaluations
   */
  public record Sync(
      double uploadSeconds,
      double waitSeconds,
      double downloadSeconds,
      double applySeconds,
      double evaluateSeconds) {}

  public IntervalMetrics {
    losses = List.copyOf(losses);
    accuracies = List.copyOf(accuracies);
  }
}
