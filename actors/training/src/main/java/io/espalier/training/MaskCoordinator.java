package io.espalier.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.japi.function.Function;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.TrainConfig;
import io.espalier.configs.WhenDiskFull;
import io.espalier.configs.fault.FailureText;
import io.espalier.trainer.capability.EngineCapability;
import io.espalier.trainer.checkpoint.Checkpoints.WrittenCheckpoint;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.state.DivergedException;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committer;
import io.espalier.training.CoordinatorMessage.AbortRun;
import io.espalier.training.CoordinatorMessage.Checkpoint;
import io.espalier.training.CoordinatorMessage.CheckpointDone;
import io.espalier.training.CoordinatorMessage.CheckpointFailed;
import io.espalier.training.CoordinatorMessage.CommitApplied;
import io.espalier.training.CoordinatorMessage.DivergeRun;
import io.espalier.training.CoordinatorMessage.End;
import io.espalier.training.CoordinatorMessage.Fence;
import io.espalier.training.CoordinatorMessage.JoinTrainer;
import io.espalier.training.CoordinatorMessage.LoseNode;
import io.espalier.training.CoordinatorMessage.LoseState;
import io.espalier.training.CoordinatorMessage.NoteProgress;
import io.espalier.training.CoordinatorMessage.NoteSent;
import io.espalier.training.CoordinatorMessage.NoteWaiting;
import io.espalier.training.CoordinatorMessage.Pause;
import io.espalier.training.CoordinatorMessage.Ping;
import io.espalier.training.CoordinatorMessage.StateSent;
import io.espalier.training.CoordinatorMessage.TakeState;
import io.espalier.training.CoordinatorMessage.Tick;
import io.espalier.training.CoordinatorMessage.TrainerFailed;
import io.espalier.training.transport.TransferId;
import io.espalier.training.transport.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Gathers the replicas' states, commits their average, and decides what every replica keeps.
 *
 * <p>The barrier is complete or void: a sync happens when all trainers have sent their states, and
 * the state before it is kept until all have answered. Arithmetic is the {@link Committer}'s;
 * messages of older terms and incarnations are dropped.
 */
final class MaskCoordinator extends AbstractBehavior<CoordinatorMessage> {
  private static final Duration PROGRESS_CHECK = Duration.ofSeconds(1);

  private final RunActors.Settings settings;
  private final Transport transport;
  private final ActorRef<RunResult> replyTo;
  private final Committer committer;
  private final TrainerSlots trainers;
  private final SyncBarrier barrier;
  private final CheckpointRequests checkpoints = new CheckpointRequests();
  private boolean ended;

  static Behavior<CoordinatorMessage> create(
      RunActors.Settings settings, Transport transport, ActorRef<RunResult> replyTo) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Tick.CHECK_PROGRESS, PROGRESS_CHECK);
                  try {
                    return new MaskCoordinator(context, settings, transport, replyTo);
                  } catch (OutOfMemoryError e) {
                    replyTo.tell(
                        new RunResult.Failed(
                            settings.committer().committed().step(), FailureText.of(e)));
                    return Behaviors.stopped();
                  }
                }));
  }

  private MaskCoordinator(
      ActorContext<CoordinatorMessage> context,
      RunActors.Settings settings,
      Transport transport,
      ActorRef<RunResult> replyTo) {
    super(context);
    this.settings = settings;
    this.transport = transport;
    this.replyTo = replyTo;
    this.committer = settings.committer();
    this.trainers = new TrainerSlots(settings.run().config().train().trainers(), System.nanoTime());
    CommitSender sender =
        new CommitSender(
            settings.term(),
            (id, sent) ->
                context.pipeToSelf(
                    sent, (done, failure) -> new NoteSent(id, Optional.ofNullable(failure))));
    this.barrier = new SyncBarrier(settings, trainers, sender);
  }

  @Override
  public Receive<CoordinatorMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(JoinTrainer.class, guarded(this::onJoinTrainer))
        .onMessage(StateSent.class, guarded(this::onStateSent))
        .onMessage(TakeState.class, guarded(this::onTakeState))
        .onMessage(LoseState.class, guarded(this::onLoseState))
        .onMessage(CommitApplied.class, guarded(this::onCommitApplied))
        .onMessage(NoteProgress.class, guarded(this::onNoteProgress))
        .onMessage(NoteWaiting.class, guarded(this::onNoteWaiting))
        .onMessage(TrainerFailed.class, guarded(this::onTrainerFailed))
        .onMessage(AbortRun.class, guarded(message -> abort(message.cause())))
        .onMessage(DivergeRun.class, guarded(message -> diverge(message.cause())))
        .onMessage(Pause.class, guarded(message -> checkpoints.requestPause()))
        .onMessage(Checkpoint.class, guarded(message -> checkpoints.requestCheckpoint()))
        .onMessage(Ping.class, guarded(message -> message.pong().run()))
        .onMessage(End.class, guarded(m -> end(m.at().apply(committer.committed().step()))))
        .onMessage(LoseNode.class, guarded(message -> lose(message.cause())))
        .onMessage(Fence.class, guarded(message -> fence(message.by())))
        .onMessage(CheckpointDone.class, guarded(this::onCheckpointDone))
        .onMessage(CheckpointFailed.class, guarded(this::onCheckpointFailed))
        .onMessage(NoteSent.class, guarded(this::onNoteSent))
        .onMessage(Tick.class, guarded(tick -> onCheckProgress()))
        .onSignal(
            PostStop.class,
            signal -> {
              trainers.all().forEach(TrainerSlot::leave);
              return this;
            })
        .build();
  }

  private void onJoinTrainer(JoinTrainer message) {
    if (message.term() != settings.term()) {
      return;
    }
    if (!fits(message)) {
      return;
    }
    TrainerSlot slot = trainers.get(message.trainer());
    boolean returning = slot.isJoined();
    slot.join(
        message.incarnation(),
        message.actor(),
        settings.placement().lane(message, transport),
        System.nanoTime());
    if (returning) {
      settings
          .events()
          .trainerRestarted(message.trainer(), message.incarnation(), committer.committed().step());
    }
    barrier.admit(slot);
  }

  /** Alerts of a trainer whose engine computes otherwise than here, or ends the run. */
  private boolean fits(JoinTrainer message) {
    TrainConfig config = settings.run().config().train();
    try {
      EngineCapability.mismatch(
              "trainer-" + message.trainer(),
              settings.run().capability(committer.committed().step()),
              message.capability(),
              config.compute().engine().mismatch())
          .ifPresent(text -> settings.events().differs(committer.committed().step(), text));
      return true;
    } catch (InvalidConfigException e) {
      abort(String.valueOf(e.getMessage()));
      return false;
    }
  }

  private void onStateSent(StateSent message) {
    TransferId id = message.state();
    if (!isCurrent(id)) {
      return;
    }
    Optional<String> refusal = barrier.refusal(message);
    if (refusal.isPresent()) {
      abort(refusal.get());
      return;
    }
    trainers.get(id.trainer()).arrived(message.metrics(), System.nanoTime());
    getContext()
        .pipeToSelf(
            trainers.get(id.trainer()).lane().receive(id),
            (packed, failure) ->
                failure == null
                    ? new TakeState(id, packed)
                    : new LoseState(id, String.valueOf(failure)));
  }

  /** Expected where the trainer has a new incarnation by now. */
  private void onLoseState(LoseState message) {
    if (isCurrent(message.id())) {
      abort("a trainer's state did not arrive: " + message.cause());
    }
  }

  private void onTakeState(TakeState message) {
    TransferId id = message.id();
    if (!checkpoints.isPausing() && isCurrent(id)) {
      trainers.get(id.trainer()).state(message.packed());
      if (trainers.allSentState()) {
        barrier.sync();
      }
    }
  }

  private void onCommitApplied(CommitApplied message) {
    if (!isCurrent(message.term(), message.trainer(), message.incarnation())) {
      return;
    }
    TrainerSlot slot = trainers.get(message.trainer());
    slot.progressed(System.nanoTime());
    if (barrier.answered(slot, message.applied())) {
      concludeSync();
    }
  }

  private void onNoteProgress(NoteProgress message) {
    if (isCurrent(message.term(), message.trainer(), message.incarnation())) {
      trainers.get(message.trainer()).progressed(System.nanoTime());
    }
  }

  /** A stream may be silent for long: then a pause does not wait for the next sync. */
  private void onNoteWaiting(NoteWaiting message) {
    onNoteProgress(new NoteProgress(message.term(), message.trainer(), message.incarnation()));
    if (!checkpoints.isPauseRequested() || !trainers.allAnswered()) {
      return;
    }
    long step = committer.committed().step();
    if (step == 0) {
      end(new RunResult.Paused(step));
    } else {
      checkpoints.pauseAt(step);
      checkpoint();
    }
  }

  private void onTrainerFailed(TrainerFailed message) {
    if (message.term() != settings.term()) {
      return;
    }
    trainers.get(message.trainer()).progressed(System.nanoTime());
    long step = committer.committed().step();
    settings
        .events()
        .trainerFailed(message.trainer(), message.incarnation(), step, message.cause());
  }

  private void onCheckpointDone(CheckpointDone message) {
    if (message.written().isEmpty()) {
      return;
    }
    WrittenCheckpoint written = message.written().get();
    settings.events().checkpointWritten(written.step(), written.directory(), written.bytes());
    if (checkpoints.isPausingAt(written.step())) {
      end(new RunResult.Paused(written.step()));
    }
  }

  private void onCheckpointFailed(CheckpointFailed message) {
    if (message.cause() instanceof FencedException fenced) {
      fence(fenced.by());
      return;
    }
    String cause = FailureText.of(message.cause());
    boolean goesOn =
        settings.run().config().train().recovery().whenDiskFull() == WhenDiskFull.CONTINUE
            && !checkpoints.isPausing()
            && (message.cause() instanceof IOException
                || message.cause() instanceof UncheckedIOException);
    if (goesOn) {
      settings.events().checkpointFailed(message.step(), cause);
    } else {
      abort(
          "a checkpoint must be written: step=%d, cause=%s; the one before it stands"
              .formatted(message.step(), cause));
    }
  }

  private void onNoteSent(NoteSent message) {
    message
        .failure()
        .filter(failure -> isCurrent(message.id()))
        .ifPresent(failure -> loseOrAbort("a commit could not be sent: " + failure));
  }

  private void onCheckProgress() {
    boolean pausing = checkpoints.isPausing();
    boolean finishing = barrier.commit().next() == Commit.Next.FINISH;
    trainers
        .checkProgress(
            slot -> !pausing && slot.state().isEmpty() && !(finishing && slot.answer().isPresent()),
            settings.run().config().train(),
            committer.committed().step(),
            settings.events())
        .ifPresent(this::loseOrAbort);
  }

  private void concludeSync() {
    Commit commit = barrier.commit();
    Optional<FinishedRun> finished = barrier.conclude();
    if (finished.isPresent()) {
      end(RunResult.Finished.of(finished.get()));
    } else if (commit.next() == Commit.Next.TRAIN
        // Not between the last step and the recalibration of norms: both are of one step, which a
        // run that went on from there would report twice.
        && checkpoints.take(commit, settings.run().plan().checkpointDue(commit.step()))) {
      checkpoint();
    }
  }

  private void checkpoint() {
    long step = committer.committed().step();
    getContext()
        .pipeToSelf(
            settings
                .checkpoints()
                .write(
                    committer.committed(),
                    committer.traffic(),
                    committer.validation(),
                    getContext().getSystem().dispatchers().lookup(DispatcherSelector.blocking())),
            (written, failure) ->
                failure == null
                    ? new CheckpointDone(written)
                    : new CheckpointFailed(step, failure));
  }

  private boolean isCurrent(TransferId id) {
    return isCurrent(id.term(), id.trainer(), id.incarnation());
  }

  private boolean isCurrent(long term, int trainer, int incarnation) {
    return term == settings.term() && trainers.get(trainer).incarnation() == incarnation;
  }

  /** A handler that drops messages after the end and whose failure ends the run. */
  private <M> Function<M, Behavior<CoordinatorMessage>> guarded(Consumer<M> handler) {
    return message -> {
      if (!ended) {
        try {
          handler.accept(message);
        } catch (FencedException e) {
          fence(e.by());
        } catch (DivergedException e) {
          diverge(String.valueOf(e.getMessage()));
        } catch (RuntimeException | OutOfMemoryError e) {
          getContext().getLog().debug("the coordinator failed", e);
          abort(FailureText.of(e));
        }
      }
      return this;
    };
  }

  /** A message lost between nodes can be the cause; then another attempt may succeed. */
  private void loseOrAbort(String cause) {
    if (settings.placement().transport().isPresent()) {
      lose(cause);
    } else {
      abort(cause);
    }
  }

  private void diverge(String cause) {
    long step = committer.committed().step();
    settings.events().diverged(step, cause);
    end(new RunResult.Failed(step, cause, true));
  }

  private void lose(String cause) {
    end(new RunResult.NodeLost(committer.committed().step(), cause));
  }

  private void abort(String cause) {
    end(new RunResult.Failed(committer.committed().step(), cause));
  }

  private void fence(long by) {
    end(new RunResult.Fenced(by));
  }

  private void end(RunResult result) {
    ended = true;
    replyTo.tell(result);
  }
}
