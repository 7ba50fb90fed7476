package io.espalier.training;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorRef;
import io.espalier.masks.MaskVersion;
import io.espalier.trainer.checkpoint.Checkpoints.WrittenCheckpoint;
import io.espalier.trainer.sync.AppliedCommit;
import io.espalier.training.transport.LaneKey;
import io.espalier.training.transport.TransferId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.LongFunction;

/** What a {@link MaskCoordinator} takes; only a {@link NodeMessage} may leave its node. */
sealed interface CoordinatorMessage extends NoSerializationVerificationNeeded {
  /**
   * A trainer without state requests the committed one; {@code capability} is its engine's, empty
   * if the run has no use for one, {@code key} is present if it is on another node.
   */
  record JoinTrainer(
      long term,
      int trainer,
      int incarnation,
      String capability,
      Optional<LaneKey> key,
      ActorRef<TrainerActor.Command> actor)
      implements CoordinatorMessage, NodeMessage {}

  /** A trainer at {@code step} sent its state, with the version of its masks and layout digest. */
  record StateSent(
      long step, MaskVersion version, String layout, TransferId state, IntervalMetrics metrics)
      implements CoordinatorMessage, NodeMessage {}

  record CommitApplied(long term, int trainer, int incarnation, AppliedCommit applied)
      implements CoordinatorMessage, NodeMessage {}

  record NoteProgress(long term, int trainer, int incarnation)
      implements CoordinatorMessage, NodeMessage {}

  /** A trainer is alive and waits for examples of a stream. */
  record NoteWaiting(long term, int trainer, int incarnation)
      implements CoordinatorMessage, NodeMessage {}

  /** Supervision decides whether another incarnation follows. */
  record TrainerFailed(long term, int trainer, int incarnation, String cause)
      implements CoordinatorMessage, NodeMessage {}

  record AbortRun(String cause) implements CoordinatorMessage, NodeMessage {}

  /** A loss or a weight is not finite: report it and end. */
  record DivergeRun(String cause) implements CoordinatorMessage, NodeMessage {}

  /** A node that trains is gone or unable: report {@link RunResult.NodeLost} at once. */
  record LoseNode(String cause) implements CoordinatorMessage {}

  /** Checkpoint at the next sync and report {@link RunResult.Paused}. */
  record Pause() implements CoordinatorMessage {}

  /** Checkpoint at the next sync and go on. */
  record Checkpoint() implements CoordinatorMessage {}

  /** Call {@code pong} at once. */
  record Ping(Runnable pong) implements CoordinatorMessage {}

  /** Report the result for the committed step at once. */
  record End(LongFunction<RunResult> at) implements CoordinatorMessage {}

  /** Report {@link RunResult.Fenced} at once: the run epoch of term {@code by} has begun. */
  record Fence(long by) implements CoordinatorMessage {}

  record TakeState(TransferId id, ByteBuffer packed) implements CoordinatorMessage {}

  record LoseState(TransferId id, String cause) implements CoordinatorMessage {}

  record CheckpointDone(Optional<WrittenCheckpoint> written) implements CoordinatorMessage {}

  record CheckpointFailed(long step, Throwable cause) implements CoordinatorMessage {}

  record NoteSent(TransferId id, Optional<Throwable> failure) implements CoordinatorMessage {}

  enum Tick implements CoordinatorMessage {
    CHECK_PROGRESS
  }
}
