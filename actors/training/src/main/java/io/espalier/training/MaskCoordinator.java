package io.espalier.training;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.japi.function.Function;
import io.espalier.configs.WhenDiskFull;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.masks.MaskVersion;
import io.espalier.trainer.checkpoint.Checkpoints.WrittenCheckpoint;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.state.DivergedException;
import io.espalier.trainer.sync.AppliedCommit;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.training.transport.Lane;
import io.espalier.training.transport.LaneKey;
import io.espalier.training.transport.TransferId;
import io.espalier.training.transport.Transport;
import io.espalier.training.transport.UdpTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Gathers the replicas' states, commits their average, and decides what every replica keeps.
 *
 * <p>The barrier is complete or void: a sync happens when all trainers have sent their states, and
 * the state before it is kept until all have answered. Arithmetic is the {@link Committer}'s;
 * messages of older terms and incarnations are dropped.
 */
final class MaskCoordinator extends AbstractBehavior<MaskCoordinator.Command> {
  private static final Duration PROGRESS_CHECK = Duration.ofSeconds(1);

  /** What a coordinator is told; only what is a {@link NodeMessage} may leave its node. */
  public sealed interface Command extends NoSerializationVerificationNeeded {}

  /**
   * A trainer lives, holds nothing, and asks for the committed state.
   *
   * @param key of the lane to a trainer on another node
   */
  public record JoinTrainer(
      long term,
      int trainer,
      int incarnation,
      Optional<LaneKey> key,
      ActorRef<TrainerActor.Command> actor)
      implements Command, NodeMessage {}

  /**
   * A trainer reached {@code step} and sent its state.
   *
   * @param version of the masks that it holds
   * @param layout digest of the layout that its values are in
   */
  public record StateSent(
      long step, MaskVersion version, String layout, TransferId state, IntervalMetrics metrics)
      implements Command, NodeMessage {}

  /** A trainer took over a commit. */
  public record CommitApplied(long term, int trainer, int incarnation, AppliedCommit applied)
      implements Command, NodeMessage {}

  /** A trainer is alive and stepping. */
  public record NoteProgress(long term, int trainer, int incarnation)
      implements Command, NodeMessage {}

  /** A trainer is alive and waits for examples of a stream. */
  public record NoteWaiting(long term, int trainer, int incarnation)
      implements Command, NodeMessage {}

  /** An incarnation of a trainer ends; supervision decides whether there is another. */
  public record TrainerFailed(long term, int trainer, int incarnation, String cause)
      implements Command, NodeMessage {}

  /** Training cannot go on. */
  public record AbortRun(String cause) implements Command, NodeMessage {}

  /** A loss or a weight is no finite number: tell so, and end. */
  public record DivergeRun(String cause) implements Command, NodeMessage {}

  /** A node that trains is gone, or cannot: report {@link RunEnd.NodeLost} at once. */
  public record LoseNode(String cause) implements Command {}

  /** Checkpoint at the next sync and report {@link RunEnd.Stopped}. */
  public record StopAtSync() implements Command {}

  /** Checkpoint at the next sync and go on. */
  public record CheckpointAtSync() implements Command {}

  /** Report {@link RunEnd.Cancelled} at once. */
  public record CancelRun() implements Command {}

  /** Report {@link RunEnd.Fenced} at once: the reign of term {@code by} has begun. */
  public record FenceRun(long by) implements Command {}

  private record TakeState(TransferId id, ByteBuffer packed) implements Command {}

  private record LoseState(TransferId id, String cause) implements Command {}

  private record CheckpointDone(Optional<WrittenCheckpoint> written) implements Command {}

  private record CheckpointFailed(long step, Throwable cause) implements Command {}

  private record NoteSent(TransferId id, Optional<Throwable> failure) implements Command {}

  private enum Tick implements Command {
    CHECK_PROGRESS
  }

  /**
   * What a coordinator works with.
   *
   * @param transport to trainers of this process
   * @param nodes to those of other nodes; empty where there are none
   */
  public record Settings(
      PreparedRun run,
      Committer committer,
      long term,
      Transport transport,
      Optional<UdpTransport> nodes,
      CheckpointQueue checkpoints,
      RunListener events) {}

  private final Settings settings;
  private final ActorRef<RunEnd> replyTo;
  private final Committer committer;
  private final TrainerSlots trainers;
  private final SyncEventReporter reports;
  private final CommitSender courier;
  private SyncOutcome current;
  private boolean stopRequested;
  private boolean checkpointRequested;
  private OptionalLong stoppingAt = OptionalLong.empty();
  private boolean ended;

  /** A coordinator that reports the end of the run to {@code replyTo}, once. */
  public static Behavior<Command> create(Settings settings, ActorRef<RunEnd> replyTo) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Tick.CHECK_PROGRESS, PROGRESS_CHECK);
                  return new MaskCoordinator(context, settings, replyTo);
                }));
  }

  private MaskCoordinator(
      ActorContext<Command> context, Settings settings, ActorRef<RunEnd> replyTo) {
    super(context);
    this.settings = settings;
    this.replyTo = replyTo;
    this.committer = settings.committer();
    this.trainers = new TrainerSlots(settings.run().config().train().trainers(), System.nanoTime());
    this.reports = new SyncEventReporter(settings.events());
    this.courier =
        new CommitSender(
            settings.term(),
            (id, sent) ->
                context.pipeToSelf(
                    sent, (done, failure) -> new NoteSent(id, Optional.ofNullable(failure))));
    boolean fresh = committer.committed().step() == 0;
    this.current = committer.open();
    if (fresh) {
      settings.events().synced(current, 0, 0, 0);
    }
  }

  @Override
  public Receive<Command> createReceive() {
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
        .onMessage(StopAtSync.class, guarded(message -> stopRequested = true))
        .onMessage(CheckpointAtSync.class, guarded(message -> checkpointRequested = true))
        .onMessage(
            CancelRun.class,
            guarded(message -> end(new RunEnd.Cancelled(committer.committed().step()))))
        .onMessage(LoseNode.class, guarded(message -> lose(message.cause())))
        .onMessage(FenceRun.class, guarded(message -> fence(message.by())))
        .onMessage(CheckpointDone.class, guarded(this::onCheckpointDone))
        .onMessage(CheckpointFailed.class, guarded(this::onCheckpointFailed))
        .onMessage(NoteSent.class, guarded(this::onNoteSent))
        .onMessage(Tick.class, guarded(tick -> onCheckProgress()))
        .onSignal(PostStop.class, signal -> release())
        .build();
  }

  private Behavior<Command> release() {
    trainers.all().forEach(TrainerSlot::leave);
    return this;
  }

  private void onJoinTrainer(JoinTrainer message) {
    if (message.term() != settings.term()) {
      return;
    }
    TrainerSlot slot = trainers.get(message.trainer());
    boolean returning = slot.isJoined();
    slot.join(message.incarnation(), message.actor(), lane(message), System.nanoTime());
    if (returning) {
      settings
          .events()
          .trainerRestarted(message.trainer(), message.incarnation(), committer.committed().step());
    }
    if (slot.answer().isPresent()) {
      courier.prepare(slot, committer.rejoin());
    } else if (current.commit().standsAlone()) {
      courier.send(slot, current);
    } else {
      courier.prepare(slot, committer.prepareForCurrent());
      courier.send(slot, current);
    }
  }

  private void onStateSent(StateSent message) {
    TransferId id = message.state();
    if (!isCurrent(id)) {
      return;
    }
    long committed = committer.committed().step();
    long expected =
        current.commit().next() == Commit.Next.RECALIBRATE
            ? committed
            : settings.run().plan().nextSync(committed);
    if (message.step() != expected) {
      abort(
          "a trainer must send its state at the next sync: trainer=%d, expected=%d, found=%d"
              .formatted(id.trainer(), expected, message.step()));
      return;
    }
    Committed held = committer.committed();
    if (!message.version().equals(held.masks().masks().version())
        || !message.layout().equals(held.run().layout().digest())) {
      abort(
          "a trainer must send the state of the committed layout under its masks: trainer=%d, expected=%s of %s, found=%s of %s"
              .formatted(
                  id.trainer(),
                  held.masks().masks().version(),
                  held.run().layout().digest(),
                  message.version(),
                  message.layout()));
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

  /** Where its trainer lives anew by now, that is how it ends. */
  private void onLoseState(LoseState message) {
    if (isCurrent(message.id())) {
      abort("a trainer's state did not arrive: " + message.cause());
    }
  }

  private Lane lane(JoinTrainer message) {
    if (message.key().isEmpty()) {
      return settings.transport().lane();
    }
    return settings
        .nodes()
        .orElseThrow(
            () -> new IllegalStateException("a run on one node must have its trainers there"))
        .toTrainer(message.key().get(), message.term(), message.trainer(), message.incarnation());
  }

  private void onTakeState(TakeState message) {
    TransferId id = message.id();
    if (stoppingAt.isEmpty() && isCurrent(id)) {
      trainers.get(id.trainer()).state(message.packed());
      if (trainers.allSentState()) {
        sync();
      }
    }
  }

  private void onCommitApplied(CommitApplied message) {
    if (!isCurrent(message.term(), message.trainer(), message.incarnation())) {
      return;
    }
    TrainerSlot slot = trainers.get(message.trainer());
    slot.progressed(System.nanoTime());
    Optional<String> preparation = slot.takePreparation();
    String expected = preparation.orElse(committer.committed().digest());
    committer.verify(message.trainer(), message.applied(), expected);
    if (preparation.isEmpty()) {
      slot.answer(message.applied());
      if (trainers.allAnswered()) {
        concludeSync();
      }
    }
  }

  private void onNoteProgress(NoteProgress message) {
    if (isCurrent(message.term(), message.trainer(), message.incarnation())) {
      trainers.get(message.trainer()).progressed(System.nanoTime());
    }
  }

  /** A stream may be silent for long: then the next sync need not come before a stop. */
  private void onNoteWaiting(NoteWaiting message) {
    onNoteProgress(new NoteProgress(message.term(), message.trainer(), message.incarnation()));
    if (!stopRequested || stoppingAt.isPresent() || !trainers.allAnswered()) {
      return;
    }
    long step = committer.committed().step();
    if (step == 0) {
      end(new RunEnd.Stopped(step));
    } else {
      stoppingAt = OptionalLong.of(step);
      checkpoint();
    }
  }

  private void onTrainerFailed(TrainerFailed message) {
    if (message.term() != settings.term()) {
      return;
    }
    trainers.get(message.trainer()).progressed(System.nanoTime());
    settings
        .events()
        .trainerFailed(
            message.trainer(),
            message.incarnation(),
            committer.committed().step(),
            message.cause());
  }

  private void onCheckpointDone(CheckpointDone message) {
    if (message.written().isEmpty()) {
      return;
    }
    WrittenCheckpoint written = message.written().get();
    settings.events().checkpointWritten(written.step(), written.directory(), written.bytes());
    if (stoppingAt.equals(OptionalLong.of(written.step()))) {
      end(new RunEnd.Stopped(written.step()));
    }
  }

  private void onCheckpointFailed(CheckpointFailed message) {
    if (message.cause() instanceof FencedException fenced) {
      fence(fenced.by());
      return;
    }
    String cause =
        message.cause().getMessage() == null
            ? message.cause().toString()
            : message.cause().getMessage();
    boolean goesOn =
        settings.run().config().train().whenDiskFull() == WhenDiskFull.CONTINUE
            && stoppingAt.isEmpty()
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
    Duration limit = settings.run().config().train().progressTimeout();
    boolean finishing = current.commit().next() == Commit.Next.FINISH;
    Predicate<TrainerSlot> working =
        slot ->
            stoppingAt.isEmpty()
                && slot.state().isEmpty()
                && !(finishing && slot.answer().isPresent());
    long nowNs = System.nanoTime();
    trainers.look(nowNs);
    trainers.tellOfSilence(
        working,
        settings.run().config().train().patience(),
        nowNs,
        committer.committed().step(),
        settings.events());
    trainers
        .findSilent(working, limit, nowNs)
        .ifPresent(
            slot ->
                loseOrAbort(
                    "each trainer must make progress within train.progress-timeout: trainer=%d, progress-timeout=%ds"
                        .formatted(slot.trainer(), limit.toSeconds())));
  }

  private void sync() {
    reports.take(trainers);
    current = committer.sync(trainers.states());
    CrashPoint.BEFORE_PUBLISHING.pass();
    for (TrainerSlot slot : trainers.all()) {
      slot.expectAnswer();
      courier.send(slot, current);
    }
    CrashPoint.AFTER_PUBLISHING.pass();
    reports.synced(current, trainers);
  }

  private void concludeSync() {
    Commit commit = current.commit();
    List<EvaluationPart> results = trainers.evaluations();
    reports.evaluated(commit, results);
    if (commit.next() == Commit.Next.FINISH) {
      end(
          new RunEnd.Completed(
              new FinishedRun(
                  committer.committed(), results.get(results.size() - 1), committer.traffic())));
    } else if (commit.next() == Commit.Next.TRAIN) {
      checkpointIfDue(commit);
    }
  }

  /**
   * Never between the last step and the recalibration of norms: both are of one step, so that a run
   * which went on from there would tell of that step twice.
   */
  private void checkpointIfDue(Commit commit) {
    if (stopRequested && commit.step() > 0) {
      stoppingAt = OptionalLong.of(commit.step());
      checkpoint();
    } else if (checkpointRequested(commit) || checkpointDue(commit)) {
      checkpointRequested = false;
      checkpoint();
    }
  }

  private boolean checkpointRequested(Commit commit) {
    return checkpointRequested && commit.step() > 0;
  }

  private boolean checkpointDue(Commit commit) {
    return !commit.standsAlone() && settings.run().plan().checkpointDue(commit.step());
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

  /** A handler that drops what comes after the end, and whose failure ends the run. */
  private <M> Function<M, Behavior<Command>> guarded(Consumer<M> handler) {
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
          abort(e.getMessage() == null ? e.toString() : e.getMessage());
        }
      }
      return this;
    };
  }

  /** What a message that got lost between nodes can be the cause of; another attempt may do. */
  private void loseOrAbort(String cause) {
    if (settings.nodes().isPresent()) {
      lose(cause);
    } else {
      abort(cause);
    }
  }

  private void diverge(String cause) {
    settings.events().diverged(committer.committed().step(), cause);
    abort(cause);
  }

  private void lose(String cause) {
    end(new RunEnd.NodeLost(committer.committed().step(), cause));
  }

  private void abort(String cause) {
    end(new RunEnd.Aborted(committer.committed().step(), cause));
  }

  private void fence(long by) {
    end(new RunEnd.Fenced(committer.committed().step(), by));
  }

  private void end(RunEnd end) {
    ended = true;
    replyTo.tell(end);
  }
}
