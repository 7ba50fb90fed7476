package io.espalier.trainer.sync;

import io.espalier.masks.channel.ChannelState;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.LiveUnits;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.stream.StreamState;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Optional;

/**
 * A decoded commit for a replica.
 *
 * @param arriving the run as the values are laid out
 * @param run as laid out from this sync on
 * @param valuesOf the units that {@code values} holds
 */
public record ReplicaUpdate(
    PreparedRun arriving,
    PreparedRun run,
    FloatBuffer values,
    LiveUnits valuesOf,
    MaskState masks,
    ValueChanges changes,
    Optional<StreamState> stream) {

  /** Decodes {@code commit} for a replica; refuses one of another layout. */
  public static ReplicaUpdate of(
      Commit commit, ByteBuffer payload, MaskState current, PreparedRun held) {
    Optional<ChannelState> channels = CommitPayload.channels(payload, commit, held);
    PreparedRun run = channels.map(state -> held.cut(state.present())).orElse(held);
    PreparedRun arriving = commit.masks() == Commit.Masks.FULL ? run : held;
    requireLayouts(commit, arriving, run);
    MaskState masks =
        channels
            .map(state -> run.masks(state, commit.version(), CommitPayload.updatedAt(payload)))
            .orElseGet(() -> CommitPayload.masks(payload, commit, current, held));
    MaskState valuesUnder = commit.carriesValuesBeforeUpdate() ? current : masks;
    return new ReplicaUpdate(
        arriving,
        run,
        CommitPayload.values(payload, run),
        valuesUnder.livingAt(commit.step()),
        masks,
        CommitPayload.changes(payload, held),
        CommitPayload.stream(payload, run));
  }

  private static void requireLayouts(Commit commit, PreparedRun arriving, PreparedRun run) {
    Commit.Layouts found = new Commit.Layouts(arriving.layout().digest(), run.layout().digest());
    if (!found.equals(commit.layouts())) {
      throw new IllegalStateException(
          "a commit must be for replicas of this layout: step=%d, commit=%s, replica=%s"
              .formatted(commit.step(), commit.layouts(), found));
    }
  }
}
