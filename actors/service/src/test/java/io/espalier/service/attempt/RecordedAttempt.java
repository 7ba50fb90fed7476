package io.espalier.service.attempt;

import io.espalier.service.run.AttemptEnd;
import io.espalier.service.run.AttemptListener;
import io.espalier.service.run.AttemptProgress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A listener that remembers what it heard. */
final class RecordedAttempt implements AttemptListener {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  final List<String> heard = new CopyOnWriteArrayList<>();
  private final CountDownLatch checkpoints;
  private final CompletableFuture<AttemptEnd> end = new CompletableFuture<>();

  /**
   * @param checkpoints that {@link #awaitCheckpoints} waits for
   */
  RecordedAttempt(int checkpoints) {
    this.checkpoints = new CountDownLatch(checkpoints);
  }

  @Override
  public void started(long fromStep, long totalSteps) {
    heard.add("started " + fromStep + "/" + totalSteps);
  }

  @Override
  public void progressed(AttemptProgress progress) {
    heard.add("progressed");
  }

  @Override
  public void checkpointed(long step) {
    heard.add("checkpointed " + step);
    checkpoints.countDown();
  }

  @Override
  public void ended(AttemptEnd how) {
    heard.add("ended");
    end.complete(how);
  }

  void awaitCheckpoints() throws InterruptedException {
    if (!checkpoints.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("checkpoints must come: heard=" + heard);
    }
  }

  AttemptEnd end() {
    return end.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }
}
