package io.espalier.training;

import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.SyncOutcome;
import java.nio.file.Path;
import java.time.Duration;

/** Receives the events of a run, in order, on the coordinator's thread. */
public interface RunListener {
  /** Measurements of one trainer's steps up to the sync that {@link #synced} reports next. */
  default void stepsMeasured(int trainer, IntervalMetrics metrics) {}

  /**
   * A sync was committed; {@code waitSeconds} is the wait of the fastest trainer for the slowest.
   *
   * @param commitSeconds of the coordinator, without the mask update
   */
  default void synced(
      SyncOutcome outcome, double waitSeconds, int slowestTrainer, double commitSeconds) {}

  /**
   * A committed state was evaluated; {@code seconds} from commit to last answer, in equal shares.
   */
  default void evaluated(
      long step,
      int maskVersion,
      EvaluationRequest request,
      EvaluationPart result,
      double seconds) {}

  default void checkpointWritten(long step, Path directory, long bytes) {}

  /** A checkpoint could not be written, and training goes on. */
  default void checkpointFailed(long step, String cause) {}

  /** A loss or a weight is not finite; the run is about to fail. */
  default void diverged(long step, String cause) {}

  /** A trainer has not completed a step for {@code silence}; once until {@link #progressed}. */
  default void stalled(long step, int trainer, Duration silence) {}

  /** All trainers that should complete steps do so again. */
  default void progressed(long step) {}

  /** The engine computes with other instructions than before or elsewhere. */
  default void differs(long step, String text) {}

  default void trainerFailed(int trainer, int incarnation, long step, String cause) {}

  default void trainerRestarted(int trainer, int incarnation, long step) {}
}
