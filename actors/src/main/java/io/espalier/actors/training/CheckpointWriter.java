package io.espalier.actors.training;

import io.espalier.trainer.checkpoint.Checkpoints;
import io.espalier.trainer.checkpoint.Written;
import io.espalier.trainer.commit.Committed;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;

/** Writes checkpoints one after another, away from the coordinator's thread. */
public final class CheckpointWriter {
  private final Checkpoints checkpoints;
  private final DoubleSupplier trainedSeconds;
  private CompletableFuture<Written> last = CompletableFuture.completedFuture(null);

  /**
   * @param trainedSeconds time spent in this run so far, all attempts together
   */
  public CheckpointWriter(Checkpoints checkpoints, DoubleSupplier trainedSeconds) {
    this.checkpoints = checkpoints;
    this.trainedSeconds = trainedSeconds;
  }

  /** Writes {@code committed} after all checkpoints asked for before. */
  CompletionStage<Written> write(Committed committed, Traffic traffic, Executor blocking) {
    last = last.thenApplyAsync(before -> writeNow(committed, traffic), blocking);
    return last;
  }

  private Written writeNow(Committed committed, Traffic traffic) {
    try {
      return checkpoints.write(committed, traffic, trainedSeconds.getAsDouble());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
