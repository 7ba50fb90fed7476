package io.espalier.training;

import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.SyncOutcome;
import java.nio.file.Path;
import java.time.Duration;

/** Hears what happens in a run, in order; called from the coordinator's thread. */
public interface RunListener {
  void stepsMeasured(int trainer, IntervalMetrics metrics);

  /**
   * A sync was committed.
   *
   * @param waitSeconds that the fastest trainer waited for the slowest
   * @param commitSeconds that the coordinator took, the mask update excluded
   */
  void synced(SyncOutcome outcome, double waitSeconds, int slowestTrainer, double commitSeconds);

  /**
   * A committed state was evaluated.
   *
   * @param seconds from the commit to the last answer; an equal share where several were asked for
   */
  void evaluated(
      long step, int maskVersion, EvaluationRequest request, EvaluationPart result, double seconds);

  void checkpointWritten(long step, Path directory, long bytes);

  /** A checkpoint could not be written, and training goes on. */
  void checkpointFailed(long step, String cause);

  /** A loss or a weight is no finite number; the run is about to fail. */
  void diverged(long step, String cause);

  /**
   * A trainer has not completed a step for {@code silence}; said once until {@link #progressed}.
   */
  void stalled(long step, int trainer, Duration silence);

  /** All trainers that should complete steps do so again. */
  void progressed(long step);

  void trainerFailed(int trainer, int incarnation, long step, String cause);

  void trainerRestarted(int trainer, int incarnation, long step);
}
