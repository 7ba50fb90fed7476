package io.espalier.bench.accuracy;

import io.espalier.bench.harness.ResultStore;
import io.espalier.trainer.data.source.DataHome;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Works through trials, some side by side, each in one thread; the calling thread alone writes and
 * prints results.
 */
final class TrialPool {
  private final ResultStore<TrialResult> store;
  private final BenchProgress progress;
  private final int jobs;
  private final DataHome home;

  TrialPool(ResultStore<TrialResult> store, BenchProgress progress, int jobs, DataHome home) {
    this.store = store;
    this.progress = progress;
    this.jobs = jobs;
    this.home = home;
  }

  /** Runs what the store does not hold yet; returns how many of them failed. */
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

  /** A result, or why there is none. */
  private record Outcome(Trial trial, Optional<TrialResult> result, String cause) {}

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "bench");
    thread.setDaemon(true);
    return thread;
  }
}
