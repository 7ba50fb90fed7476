package io.espalier.training;

import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.SyncOutcome;
import java.nio.file.Path;
import java.time.Duration;

/** Hears everything and says nothing; for tests to override what they listen to. */
class SilentEvents implements RunListener {
  @Override
  public void stepsMeasured(int trainer, IntervalMetrics metrics) {}

  @Override
  public void synced(
      SyncOutcome outcome, double waitSeconds, int slowestTrainer, double commitSeconds) {}

  @Override
  public void evaluated(
      long step,
      int maskVersion,
      EvaluationRequest request,
      EvaluationPart result,
      double seconds) {}

  @Override
  public void checkpointWritten(long step, Path directory, long bytes) {}

  @Override
  public void checkpointFailed(long step, String cause) {}

  @Override
  public void diverged(long step, String cause) {}

  @Override
  public void stalled(long step, int trainer, Duration silence) {}

  @Override
  public void progressed(long step) {}

  @Override
  public void trainerFailed(int trainer, int incarnation, long step, String cause) {}

  @Override
  public void trainerRestarted(int trainer, int incarnation, long step) {}
}
