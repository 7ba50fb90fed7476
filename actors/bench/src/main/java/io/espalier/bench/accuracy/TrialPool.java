package io.espalier.bench.accuracy;

import io.espalier.bench.harness.ResultStore;
import io.espalier.configs.ExecutionConfig;
import io.espalier.masks.MaskSet;
import io.espalier.masks.update.MaskUpdate.ParameterChange;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.ExecutionDecision;
import io.espalier.trainer.run.CodeVersion;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SparsityOutcome;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.SyncOutcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/**
 * Works through trials, some side by side, each in one thread; the calling thread alone writes and
 * prints results.
 */
final class TrialPool {
  private final ResultStore<TrialResult> store;
  private final Progress progress;
  private final int jobs;
  private final DataHome home;

  TrialPool(ResultStore<TrialResult> store, Progress progress, int jobs, DataHome home) {
    this.store = store;
    this.progress = progress;
    this.jobs = jobs;
    this.home = home;
  }

  int run(List<Trial> trials) throws IOException, InterruptedException {
    List<Trial> open =
        trials.stream().filter(trial -> !store.results().containsKey(trial.key())).toList();
    progress.resume(trials.size() - open.size());
    ExecutorService threads = Executors.newFixedThreadPool(jobs, TrialPool::thread);
    try {
      ExecutorCompletionService<Outcome> runs = new ExecutorCompletionService<>(threads);
      List<Future<Outcome>> started =
          open.stream().map(trial -> runs.submit(() -> outcome(trial))).toList();
      int failed = 0;
      for (int i = 0; i < started.size(); i++) {
        failed += collect(runs.take().get()) ? 0 : 1;
      }
      return failed;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a run must end with a result or an exception", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private Outcome outcome(Trial trial) {
    try {
      return new Outcome(trial, Optional.of(TrialRunner.run(trial, home)), "");
    } catch (RuntimeException e) {
      return new Outcome(trial, Optional.empty(), e.toString());
    }
  }

  private boolean collect(Outcome outcome) throws IOException {
    if (outcome.result().isEmpty()) {
      progress.failed(outcome.trial(), outcome.cause());
      return false;
    }
    store.append(outcome.result().get());
    progress.finished(outcome.result().get());
    return true;
  }

  private record Outcome(Trial trial, Optional<TrialResult> result, String cause) {}

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "bench");
    thread.setDaemon(true);
    return thread;
  }

  /** Runs a trial as a plain loop in the calling thread; several may run side by side. */
  static final class TrialRunner {
    /** A network of ten classes that is right less often than this did not learn. */
    private static final double COLLAPSE = 0.5;

    private TrialRunner() {}

    /** Trains to the end; throws if the final masks keep another number of units than planned. */
    static TrialResult run(Trial trial, DataHome home) {
      PreparedRun run = decided(PreparedRun.of(trial.config(), home));
      Regrowth regrowth = new Regrowth();
      long startNs = System.nanoTime();
      FinishedRun finished = TrainingLoop.run(run, regrowth);
      double seconds = (System.nanoTime() - startNs) / 1e9;
      MaskSet masks = finished.committed().masks().masks();
      long planned =
          SparsityOutcome.isOutcome(run.config().prune()) ? masks.kept() : run.plan().finalKept();
      if (masks.kept() != planned) {
        throw new IllegalStateException(
            "a run must keep as many units as planned: kept=%d, planned=%d"
                .formatted(masks.kept(), planned));
      }
      double accuracy = finished.test().accuracy();
      return new TrialResult(
          trial.key(),
          new TrialResult.TrialChoices(
              trial.line().row(),
              trial.line().network(),
              trial.line().initial(),
              trial.sparsity(),
              trial.seed(),
              trial.config().train().clock().epochs()),
          new TrialResult.TestQuality(accuracy, finished.test().loss()),
          new TrialResult.UnitCounts(
              masks.kept(),
              planned,
              masks.total(),
              masks.version().number(),
              regrowth.units,
              accuracy < COLLAPSE),
          seconds,
          CodeVersion.current());
    }

    /** As a run of the command line decides, where the recipe leaves its execution open. */
    private static PreparedRun decided(PreparedRun run) {
      return run.config().train().compute().execution() == ExecutionConfig.AUTO
          ? ExecutionDecision.measured(run, 0).of(run)
          : run;
    }

    private static final class Regrowth implements LoopListener {
      private long units;

      @Override
      public void synced(SyncOutcome outcome) {
        outcome
            .pruning()
            .ifPresent(
                pruning ->
                    units +=
                        pruning.update().changes().stream()
                            .mapToLong(ParameterChange::regrown)
                            .sum());
      }
    }
  }

  /** Prints each result as it comes, with the count and the time left. Not thread-safe. */
  static final class Progress {
    private final PrintWriter out;
    private final int total;
    private final LongSupplier clockNs;
    private final long startNs;
    private int done;
    private int before;

    Progress(PrintWriter out, int total, LongSupplier clockNs) {
      this.out = out;
      this.total = total;
      this.clockNs = clockNs;
      this.startNs = clockNs.getAsLong();
    }

    void resume(int finished) {
      done = finished;
      before = finished;
      if (finished > 0) {
        out.println("%d of %d runs are there already".formatted(finished, total));
      }
    }

    void finished(TrialResult result) {
      done++;
      out.println(
          String.format(
              Locale.ROOT,
              "[%3d/%d] %s %s  seed %d  accuracy %.2f %%  %,d of %,d kept  %.1f s  ETA %s",
              done,
              total,
              result.line().padded(),
              at(result.setting().sparsity()),
              result.setting().seed(),
              100 * result.quality().accuracy(),
              result.units().kept(),
              result.units().prunable(),
              result.seconds(),
              timeLeft()));
    }

    void failed(Trial trial, String cause) {
      done++;
      out.println(
          "[%3d/%d] %s %s  seed %d  failed: %s"
              .formatted(
                  done, total, trial.line().padded(), at(trial.sparsity()), trial.seed(), cause));
    }

    private static String at(double sparsity) {
      return String.format(Locale.ROOT, "%5.1f %%", 100 * sparsity);
    }

    private String timeLeft() {
      long elapsed = (clockNs.getAsLong() - startNs) / 1_000_000_000;
      long seconds = elapsed * (total - done) / Math.max(1, done - before);
      return String.format(
          Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
  }
}
