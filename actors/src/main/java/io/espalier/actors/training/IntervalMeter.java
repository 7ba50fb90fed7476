package io.espalier.actors.training;

import io.espalier.trainer.replica.StepOutcome;
import java.util.ArrayList;
import java.util.List;

/** Gathers the steps of one interval. Confined to its trainer. */
final class IntervalMeter {
  private final List<Double> losses = new ArrayList<>();
  private final List<Double> accuracies = new ArrayList<>();
  private long firstStep;
  private double learningRate;
  private long computeNs;
  private long examples;

  void add(StepOutcome outcome, long elapsedNs) {
    if (losses.isEmpty()) {
      firstStep = outcome.step();
    }
    losses.add(outcome.loss());
    accuracies.add((double) outcome.correct() / outcome.examples());
    learningRate = outcome.learningRate();
    computeNs += elapsedNs;
    examples += outcome.examples();
  }

  /** What was gathered since the last call. */
  IntervalMetrics take() {
    IntervalMetrics metrics =
        new IntervalMetrics(firstStep, losses, accuracies, learningRate, computeNs / 1e9, examples);
    losses.clear();
    accuracies.clear();
    computeNs = 0;
    examples = 0;
    return metrics;
  }
}
