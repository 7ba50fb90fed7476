package io.espalier.telemetry.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The measurements of training: steps, syncs and evaluations. */
public sealed interface TrainingEvent extends Event {
  /**
   * One trainer's measurements between two syncs, one list entry per step. {@code firstStep} counts
   * from 1, accuracies are from 0 to 1, and {@code learningRate} is that of the last step; {@code
   * computeSeconds} excludes waiting. {@code sync} is the cost of the sync before these steps:
   * empty where older versions wrote the event, and for further events of one interval.
   */
  record StepsMeasured(
      int trainer,
      long firstStep,
      List<Double> losses,
      List<Double> accuracies,
      double learningRate,
      double computeSeconds,
      double samplesPerSecond,
      Optional<SyncTimes> sync)
      implements TrainingEvent {
    public StepsMeasured {
      losses = List.copyOf(losses);
      accuracies = List.copyOf(accuracies);
    }

    public long lastStep() {
      return firstStep + losses.size() - 1;
    }

    @Override
    public Optional<String> origin() {
      return Optional.of("trainer-" + trainer);
    }
  }

  /**
   * The cost of a sync for one trainer, in seconds of consecutive parts from its last step before
   * to its first step after.
   *
   * @param uploadSeconds until its state was with the coordinator; 0 for a trainer that joins
   * @param waitSeconds for the other trainers and for the coordinator's work; 0 for a trainer that
   *     joins
   * @param downloadSeconds until the committed state was here
   * @param applySeconds that it took to pack its own state and to take over the committed one
   * @param evaluateSeconds that its part of the sync's evaluations took
   */
  record SyncTimes(
      double uploadSeconds,
      double waitSeconds,
      double downloadSeconds,
      double applySeconds,
      double evaluateSeconds) {}

  /**
   * All replicas hold the same committed state again.
   *
   * @param step completed steps
   * @param bytesUp from all trainers to the coordinator
   * @param bytesDown from the coordinator to all trainers
   * @param bytesDense what the same sync costs, both ways, when nothing is pruned
   * @param waitSeconds that the fastest trainer waited for the slowest
   * @param stateDigest of everything that a replica holds
   * @param commitSeconds that the coordinator took to average and pack, the mask update excluded; 0
   *     where older versions wrote the event
   */
  record SyncCompleted(
      long step,
      int maskVersion,
      long bytesUp,
      long bytesDown,
      long bytesDense,
      double waitSeconds,
      int slowestTrainer,
      String stateDigest,
      double commitSeconds)
      implements TrainingEvent {}

  /**
   * A committed state was evaluated on a data set.
   *
   * @param set {@link #VALIDATION} or {@link #TEST}
   * @param phase {@link #BEFORE_UPDATE}, {@link #AFTER_UPDATE}, {@link #REGULAR} or {@link #FINAL}
   * @param accuracy share of correct answers, from 0 to 1
   * @param loss mean loss per example; of a text, per token
   * @param seconds from the commit that asked for it to the slowest trainer's answer, transfer
   *     included; where a commit asked for several evaluations, an equal share; 0 where older
   *     versions wrote the event
   * @param bitsPerCharacter what is read in place of the accuracy where the next token of a text is
   *     learned; empty elsewhere, and where older versions wrote the event
   */
  record EvaluationCompleted(
      long step,
      int maskVersion,
      String set,
      String phase,
      double accuracy,
      double loss,
      long examples,
      double seconds,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalDouble bitsPerCharacter)
      implements TrainingEvent {
    /** An evaluation that is read by its accuracy. */
    public EvaluationCompleted(
        long step,
        int maskVersion,
        String set,
        String phase,
        double accuracy,
        double loss,
        long examples,
        double seconds) {
      this(
          step, maskVersion, set, phase, accuracy, loss, examples, seconds, OptionalDouble.empty());
    }

    public static final String VALIDATION = "validation";
    public static final String TEST = "test";
    public static final String HOLD_OUT = "hold-out";
    public static final String BEFORE_UPDATE = "before-update";
    public static final String AFTER_UPDATE = "after-update";
    public static final String REGULAR = "regular";
    public static final String FINAL = "final";
  }
}
