package io.espalier.training;

import io.espalier.trainer.checkpoint.Checkpoints;
import io.espalier.trainer.checkpoint.Checkpoints.WrittenCheckpoint;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Traffic;
import io.espalier.trainer.sync.ValidationRecord;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;

/**
 * Writes checkpoints outside the coordinator's thread, one at a time. One may wait; a newer one
 * replaces it, so that a slow disk retains no memory. Thread-safe.
 */
public final class CheckpointQueue implements AutoCloseable {
  private final Optional<Checkpoints> checkpoints;
  private final DoubleSupplier trainedSeconds;
  private final Runnable beforeWrite;
  private Optional<Waiting> waiting = Optional.empty();
  private CompletableFuture<Void> writer = CompletableFuture.completedFuture(null);

  private record Waiting(
      Committed committed,
      Traffic traffic,
      ValidationRecord validation,
      CompletableFuture<Optional<WrittenCheckpoint>> result) {}

  /**
   * {@code beforeWrite} forces to disk everything that must not be older than a checkpoint.
   *
   * @param trainedSeconds of all attempts so far
   */
  public CheckpointQueue(
      Checkpoints checkpoints, DoubleSupplier trainedSeconds, Runnable beforeWrite) {
    this(Optional.of(checkpoints), trainedSeconds, beforeWrite);
  }

  private CheckpointQueue(
      Optional<Checkpoints> checkpoints, DoubleSupplier trainedSeconds, Runnable beforeWrite) {
    this.checkpoints = checkpoints;
    this.trainedSeconds = trainedSeconds;
    this.beforeWrite = beforeWrite;
  }

  /** For a run that keeps no checkpoints, and cannot be paused. */
  public static CheckpointQueue keepingNone() {
    return new CheckpointQueue(Optional.empty(), () -> 0, () -> {});
  }

  /** Writes {@code committed} as soon as possible; empty if a newer one took its place. */
  synchronized CompletionStage<Optional<WrittenCheckpoint>> write(
      Committed committed, Traffic traffic, ValidationRecord validation, Executor blocking) {
    if (checkpoints.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    Checkpoints target = checkpoints.get();
    waiting.ifPresent(replaced -> replaced.result().complete(Optional.empty()));
    Waiting next = new Waiting(committed, traffic, validation, new CompletableFuture<>());
    waiting = Optional.of(next);
    writer = writer.thenRunAsync(() -> writeWaiting(target), blocking);
    return next.result();
  }

  /** Waits for the current checkpoint. */
  @Override
  public void close() {
    CompletableFuture<Void> last;
    synchronized (this) {
      last = writer;
    }
    last.join();
  }

  private void writeWaiting(Checkpoints target) {
    Optional<Waiting> next = takeWaiting();
    if (next.isEmpty()) {
      return;
    }
    try {
      beforeWrite.run();
      WrittenCheckpoint written =
          target.write(
              next.get().committed(),
              next.get().traffic(),
              next.get().validation(),
              trainedSeconds.getAsDouble());
      next.get().result().complete(Optional.of(written));
    } catch (IOException | RuntimeException | Error e) {
      next.get().result().completeExceptionally(e);
    }
  }

  private synchronized Optional<Waiting> takeWaiting() {
    Optional<Waiting> next = waiting;
    waiting = Optional.empty();
    return next;
  }
}
