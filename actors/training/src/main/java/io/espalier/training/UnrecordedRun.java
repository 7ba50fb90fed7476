package io.espalier.training;

import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.SyncOutcome;
import java.nio.file.Path;
import java.time.Duration;

/** A run under actors that leaves nothing: for measuring. */
public final class UnrecordedRun {
  private UnrecordedRun() {}

  /**
   * Steps per second of each trainer in the second half of a run, up to the last sync before its
   * end: by then the code is compiled.
   */
  public static double stepsPerSecond(PreparedRun run) {
    Stopwatch stopwatch = new Stopwatch(run.plan().totalSteps());
    execute(run, stopwatch);
    return stopwatch.stepsPerSecond();
  }

  /** Runs to the end, and tells {@code events} what happens. */
  public static void execute(PreparedRun run, RunListener events) {
    try (CheckpointQueue queue = CheckpointQueue.keepingNone();
        RunActors actors =
            new RunActors(new RunActors.Settings(run, Committer.start(run), 1, queue, events))) {
      RunEnd end = actors.await();
      if (!(end instanceof RunEnd.Completed)) {
        throw new IllegalStateException("a measured run must reach its end: " + end);
      }
    }
  }

  /** Notes when syncs happen. Confined to the coordinator. */
  private static final class Stopwatch implements RunListener {
    private final long totalSteps;
    private long firstStep;
    private long firstNs;
    private long lastStep;
    private long lastNs;

    Stopwatch(long totalSteps) {
      this.totalSteps = totalSteps;
    }

    double stepsPerSecond() {
      if (lastStep <= firstStep) {
        throw new IllegalStateException(
            "a measured run must have two syncs in its second half before its end");
      }
      return (lastStep - firstStep) * 1e9 / (lastNs - firstNs);
    }

    @Override
    public void synced(
        SyncOutcome outcome, double waitSeconds, int slowestTrainer, double commitSeconds) {
      long step = outcome.commit().step();
      if (step >= totalSteps / 2 && firstStep == 0) {
        firstStep = step;
        firstNs = System.nanoTime();
      }
      if (step < totalSteps) {
        lastStep = step;
        lastNs = System.nanoTime();
      }
    }

    @Override
    public void stepsMeasured(int trainer, IntervalMetrics metrics) {}

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
}
