package io.espalier.bench.harness;

import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.training.CheckpointQueue;
import io.espalier.training.RunActors;
import io.espalier.training.RunListener;
import io.espalier.training.RunResult;

/** Runs under actors that write no files, for measurements. */
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

  public static void execute(PreparedRun run, RunListener events) {
    try (CheckpointQueue queue = CheckpointQueue.keepingNone();
        RunActors actors =
            RunActors.start(new RunActors.Settings(run, Committer.start(run), 1, queue, events))) {
      RunResult result = actors.await();
      if (!(result instanceof RunResult.Finished)) {
        throw new IllegalStateException("a measured run must reach its end: " + result);
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
  }
}
