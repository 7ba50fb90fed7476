package io.espalier.trainer.sync;

import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.update.MaskUpdate;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.LiveUnits;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** The outcome of one sync; the payload is read through duplicates. */
public record SyncOutcome(
    Committed committed,
    Commit commit,
    ByteBuffer payload,
    Optional<Pruning> pruning,
    Optional<Cut> cut,
    SyncBytes bytes) {
  /**
   * A mask update.
   *
   * @param refit empty if the recipe has none
   */
  public record Pruning(
      PlannedUpdate planned,
      MaskUpdate update,
      Optional<RefitOutcome> refit,
      List<MaskFinding> findings,
      double seconds) {
    public Pruning {
      findings = List.copyOf(findings);
    }
  }

  /** Channels left the network at a sync: the run before and after it. */
  public record Cut(PreparedRun before, PreparedRun after, double seconds) {}

  /** Bytes of one sync over all trainers, and what it would cost without masks. */
  public record SyncBytes(long up, long down, long dense) {
    /**
     * The bytes of a sync that would move the state of each trainer {@code transfers} times if
     * nothing were masked.
     *
     * @param up bytes from all trainers
     * @param payload to each trainer
     */
    static SyncBytes of(PreparedRun run, long up, ByteBuffer payload, int transfers) {
      int trainers = run.config().train().trainers();
      long dense = (long) run.stateLayout().packedFloats(LiveUnits.all()) * Float.BYTES * trainers;
      return new SyncBytes(up, (long) payload.remaining() * trainers, transfers * dense);
    }
  }
}
