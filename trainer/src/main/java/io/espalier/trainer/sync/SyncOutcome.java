package io.espalier.trainer.sync;

import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.trainer.prepare.PreparedRun;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The outcome of one sync.
 *
 * @param payload the commit's bytes, the same for every trainer; read through duplicates
 */
public record SyncOutcome(
    Committed committed,
    Commit commit,
    ByteBuffer payload,
    Optional<Pruning> pruning,
    Optional<Cut> cut,
    SyncBytes bytes) {
  public record Pruning(PlannedUpdate planned, MaskUpdate update, double seconds) {}

  /**
   * Channels left the network at a sync.
   *
   * @param before the run as laid out before
   * @param after the run as laid out after
   */
  public record Cut(PreparedRun before, PreparedRun after, double seconds) {}
}
