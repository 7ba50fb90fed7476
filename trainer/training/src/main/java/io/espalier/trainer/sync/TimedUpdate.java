package io.espalier.trainer.sync;

import io.espalier.masks.schedule.PlannedUpdate;
import java.util.List;
import java.util.Optional;

/** A mask update that was made, and the seconds that it took. */
record TimedUpdate(
    PlannedUpdate planned,
    Pruner.Pruned pruned,
    Optional<RefitOutcome> refit,
    List<MaskFinding> findings,
    double seconds) {
  /** Returns this update after a refit. */
  TimedUpdate refitted(RefitOutcome outcome, double allSeconds) {
    return new TimedUpdate(planned, pruned, Optional.of(outcome), findings, allSeconds);
  }

  SyncOutcome.Pruning pruning() {
    return new SyncOutcome.Pruning(planned, pruned.update(), refit, findings, seconds);
  }
}
