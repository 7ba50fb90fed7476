package io.espalier.trainer.commit;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.annealing.AnnealingState;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.LivingUnits;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.stream.StreamState;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A commit as a replica takes it over.
 *
 * @param valuesOf the units that {@code values} holds
 * @param masks in force from this sync on
 * @param restarted units that stay kept but start anew at 0, one mask per prunable parameter; empty
 *     if there are none
 * @param stream what is read of the run's stream; empty if its examples are no stream
 */
public record ReplicaUpdate(
    FloatBuffer values,
    LivingUnits valuesOf,
    MaskState masks,
    List<Mask> restarted,
    Optional<StreamState> stream) {
  public ReplicaUpdate {
    restarted = List.copyOf(restarted);
  }

  /** Reads {@code commit} and its payload for a replica that holds {@code current}. */
  public static ReplicaUpdate of(
      Commit commit, ByteBuffer payload, MaskState current, PreparedRun run) {
    MaskState masks = CommitPayload.masks(payload, commit, current, run);
    MaskState valuesUnder = commit.carriesValuesBeforeUpdate() ? current : masks;
    return new ReplicaUpdate(
        CommitPayload.values(payload, run),
        valuesUnder.livingAt(commit.step()),
        masks,
        CommitPayload.restarted(payload, run),
        CommitPayload.stream(payload, run));
  }

  /** The masks of a replica that has applied nothing yet. */
  public static MaskState dense(PreparedRun run) {
    return MaskState.of(
        run.config().prune().mask(),
        run.plan(),
        MaskSet.dense(run.layout(), run.prunableIds()),
        0,
        AnnealingState.none(run.temperature()));
  }
}
