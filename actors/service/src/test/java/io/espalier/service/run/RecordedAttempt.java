package io.espalier.service.run;

import io.espalier.service.RunKind;
import io.espalier.training.RunResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** An attempt whose facts are taken at once and kept. */
final class RecordedAttempt {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  final List<String> heard = new CopyOnWriteArrayList<>();
  final PendingAlerts alerts = new PendingAlerts();
  final RunAttempt attempt;
  private final CountDownLatch checkpoints;
  private final CompletableFuture<RunResult> end = new CompletableFuture<>();
  private final ExecutorService journal = Executors.newSingleThreadExecutor();

  /**
   * @param checkpoints that {@link #awaitCheckpoints} waits for
   */
  RecordedAttempt(RunLauncher launcher, RunLauncher.Order order, int checkpoints) {
    this.checkpoints = new CountDownLatch(checkpoints);
    attempt = new RunAttempt(spec(order), order, () -> journal.execute(this::take), alerts);
    attempt.start(launcher);
  }

  private static RunSpec spec(RunLauncher.Order order) {
    return new RunSpec(
        order.run(), RunKind.TRAINING, order.recipe(), 0, 1, 512, false, Instant.EPOCH);
  }

  private void take() {
    for (Optional<RunAttempt.Fact> fact = attempt.next(); fact.isPresent(); fact = attempt.next()) {
      attempt.taken();
      fact.get().event().ifPresent(this::record);
      fact.get().result().ifPresent(this::ended);
    }
  }

  private void record(LifecycleEvent event) {
    heard.add(event.word() + " " + event.detail());
    if (event instanceof LifecycleEvent.Checkpointed) {
      checkpoints.countDown();
    }
  }

  private void ended(RunResult result) {
    heard.add("ended");
    end.complete(
        result instanceof RunResult.Finished finished
            ? RunResult.Finished.recorded(finished.step(), finished.accuracy(), finished.sparsity())
            : result);
    journal.shutdown();
  }

  void awaitCheckpoints() throws InterruptedException {
    if (!checkpoints.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("checkpoints must come: heard=" + heard);
    }
  }

  /** How it ended; of a finished run what a later attempt would read. */
  RunResult end() {
    return end.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }
}
