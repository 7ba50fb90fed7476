package io.espalier.telemetry.event;

import java.util.List;
import java.util.Optional;

/** The measurements of training: steps, syncs and evaluations. */
public sealed interface TrainingEvent extends Event {
  /**
   * What one trainer measured between two syncs, one list entry per step.
   *
   * @param firstStep number of the first of these steps; the run's first step is 1
   * @param losses mean loss of each step's batch
   * @param accuracies share of correct answers in each step's batch, from 0 to 1
   * @param learningRate of the last of these steps
   * @param computeSeconds time spent in the steps, waiting excluded
   */
  record StepsMeasured(
      int trainer,
      long firstStep,
      List<Double> losses,
      List<Double> accuracies,
      double learningRate,
      double computeSeconds,
      double samplesPerSecond)
      implements TrainingEvent {
    public StepsMeasured {
      losses = List.copyOf(losses);
      accuracies = List.copyOf(accuracies);
    }

    @Override
    public Optional<String> origin() {
      return Optional.of("trainer-" + trainer);
    }
  }

  /**
   * All replicas hold the same committed state again.
   *
   * @param step completed steps
   * @param bytesUp from all trainers to the coordinator
   * @param bytesDown from the coordinator to all trainers
   * @param bytesDense what the same sync costs, both ways, when nothing is pruned
   * @param waitSeconds that the fastest trainer waited for the slowest
   * @param stateDigest of everything that a replica holds
   */
  record SyncCompleted(
      long step,
      int maskVersion,
      long bytesUp,
      long bytesDown,
      long bytesDense,
      double waitSeconds,
      int slowestTrainer,
      String stateDigest)
      implements TrainingEvent {}

  /**
   * A committed state was measured against a data set.
   *
   * @param set {@link #VALIDATION} or {@link #TEST}
   * @param phase {@link #BEFORE_UPDATE}, {@link #AFTER_UPDATE}, {@link #REGULAR} or {@link #FINAL}
   * @param accuracy share of correct answers, from 0 to 1
   * @param loss mean loss per example
   */
  record EvaluationCompleted(
      long step,
      int maskVersion,
      String set,
      String phase,
      double accuracy,
      double loss,
      long examples)
      implements TrainingEvent {
    public static final String VALIDATION = "validation";
    public static final String TEST = "test";
    public static final String BEFORE_UPDATE = "before-update";
    public static final String AFTER_UPDATE = "after-update";
    public static final String REGULAR = "regular";
    public static final String FINAL = "final";
  }
}
