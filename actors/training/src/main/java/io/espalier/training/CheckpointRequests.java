package io.espalier.training;

import io.espalier.trainer.sync.Commit;
import java.util.OptionalLong;

/** At which syncs the coordinator checkpoints, and whether it ends there. */
final class CheckpointRequests {
  private boolean pauseRequested;
  private boolean checkpointRequested;
  private OptionalLong pausingAt = OptionalLong.empty();

  void requestPause() {
    pauseRequested = true;
  }

  void requestCheckpoint() {
    checkpointRequested = true;
  }

  boolean isPauseRequested() {
    return pauseRequested && pausingAt.isEmpty();
  }

  /** Whether the checkpoint of a pause is being written: no sync follows. */
  boolean isPausing() {
    return pausingAt.isPresent();
  }

  boolean isPausingAt(long step) {
    return pausingAt.isPresent() && pausingAt.getAsLong() == step;
  }

  void pauseAt(long step) {
    pausingAt = OptionalLong.of(step);
  }

  /** Whether to checkpoint the state of a concluded sync; {@code regular} if the plan has one. */
  boolean take(Commit commit, boolean regular) {
    if (pauseRequested && commit.step() > 0) {
      pauseAt(commit.step());
      return true;
    }
    boolean requested = checkpointRequested && commit.step() > 0;
    boolean due = requested || (regular && !commit.standsAlone());
    if (due) {
      checkpointRequested = false;
    }
    return due;
  }
}
