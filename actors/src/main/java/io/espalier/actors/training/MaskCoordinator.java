package io.espalier.actors.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.espalier.actors.transport.TransferId;
import io.espalier.actors.transport.Transport;
import io.espalier.trainer.checkpoint.Written;
import io.espalier.trainer.commit.Applied;
import io.espalier.trainer.commit.Commit;
import io.espalier.trainer.commit.EvaluationPart;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.SyncOutcome;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Gathers the replicas' states, commits their average, and decides what every replica keeps.
 *
 * <p>The barrier is complete or void: a sync happens when all trainers have sent their states, and
 * the state before it is kept until all have answered. Arithmetic is the {@link Committer}'s;
 * messages of older terms and incarnations are dropped.
 */
public final class MaskCoordinator extends AbstractBehavior<MaskCoordinator.Command> {
  private static final Duration PROGRESS_CHECK = Duration.ofSeconds(1);

  /** What a coordinator is told. */
  public sealed interface Command {}

  /** A trainer lives, holds nothing, and asks for the committed state. */
  public record JoinTrainer(int trainer, int incarnation, ActorRef<TrainerActor.Command> actor)
      implements Command {}

  /** A trainer reached {@code step} and sent its state. */
  public record StateSent(long step, TransferId state, IntervalMetrics metrics)
      implements Command {}

  /** A trainer took over a commit. */
  public record CommitApplied(long term, int trainer, int incarnation, Applied applied)
      implements Command {}

  /** A trainer is alive and stepping. */
  public record NoteProgress(int trainer, int incarnation) implements Command {}

  /** An incarnation of a trainer ends; supervision decides whether there is another. */
  public record TrainerFailed(int trainer, int incarnation, String cause) implements Command {}

  /** Training cannot go on. */
  public record AbortRun(String cause) implements Command {}

  /** Checkpoint at the next sync and report {@link RunStopped}. */
  public record StopAtSync() implements Command {}

  private record TakeState(TransferId id, ByteBuffer packed) implements Command {}

  private record CheckpointDone(Written written) implements Command {}

  private record NoteSent(Optional<Throwable> failure) implements Command {}

  private enum Tick implements Command {
    CHECK_PROGRESS
  }

  /** How a run ends, as the coordinator sees it. */
  public sealed interface Outcome {}

  /** Trained to the end and evaluated. */
  public record RunCompleted(FinishedRun finished) implements Outcome {}

  /** Stopped on request; the checkpoint of {@code step} is written. */
  public record RunStopped(long step) implements Outcome {}

  /** Ended by an error. */
  public record RunAborted(long step, String cause) implements Outcome {}

  /** What a coordinator is given when it is spawned. */
  public record Settings(
      PreparedRun run,
      Committer committer,
      long term,
      Transport transport,
      CheckpointWriter checkpoints,
      RunEvents events,
      ActorRef<Outcome> replyTo) {}

  private final Settings settings;
  private final Committer committer;
  private final List<TrainerSlot> slots;
  private final boolean resumed;
  private SyncOutcome current;
  private boolean stopRequested;
  private OptionalLong stoppingAt = OptionalLong.empty();
  private boolean ended;

  public static Behavior<Command> create(Settings settings) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Tick.CHECK_PROGRESS, PROGRESS_CHECK);
                  return new MaskCoordinator(context, settings);
                }));
  }

  private MaskCoordinator(ActorContext<Command> context, Settings settings) {
    super(context);
    this.settings = settings;
    this.committer = settings.committer();
    this.slots =
        IntStream.range(0, settings.run().config().train().trainers())
            .mapToObj(TrainerSlot::new)
            .toList();
    this.resumed = committer.committed().step() > 0;
    this.current = committer.open();
    if (!resumed) {
      settings.events().synced(current, 0, 0);
    }
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(JoinTrainer.class, this::onJoinTrainer)
        .onMessage(StateSent.class, this::onStateSent)
        .onMessage(TakeState.class, this::onTakeState)
        .onMessage(CommitApplied.class, this::onCommitApplied)
        .onMessage(NoteProgress.class, this::onNoteProgress)
        .onMessage(TrainerFailed.class, this::onTrainerFailed)
        .onMessage(AbortRun.class, message -> end(aborted(message.cause())))
        .onMessage(StopAtSync.class, this::onStopAtSync)
        .onMessage(CheckpointDone.class, this::onCheckpointDone)
        .onMessage(NoteSent.class, this::onNoteSent)
        .onMessageEquals(Tick.CHECK_PROGRESS, this::onCheckProgress)
        .build();
  }

  private Behavior<Command> onJoinTrainer(JoinTrainer message) {
    TrainerSlot slot = slots.get(message.trainer());
    boolean returning = slot.isJoined();
    slot.join(message.incarnation(), message.actor(), System.nanoTime());
    if (returning) {
      settings
          .events()
          .trainerRestarted(message.trainer(), message.incarnation(), committer.committed().step());
    }
    if (current.commit().masks() == Commit.Masks.FULL) {
      slot.expectAnswer();
      send(slot, current);
    } else if (slot.answer().isPresent()) {
      slot.ignoreNextAnswer();
      send(slot, committer.rejoin());
    } else {
      slot.ignoreNextAnswer();
      send(slot, committer.prepareForCurrent());
      send(slot, current);
    }
    return this;
  }

  private Behavior<Command> onStateSent(StateSent message) {
    TransferId id = message.state();
    if (isCurrent(id.term(), id.trainer(), id.incarnation())) {
      slots.get(id.trainer()).arrived(message.metrics(), System.nanoTime());
      getContext()
          .pipeToSelf(
              settings.transport().receive(id),
              (packed, failure) ->
                  failure == null
                      ? new TakeState(id, packed)
                      : new AbortRun("a trainer's state did not arrive: " + failure.getMessage()));
    }
    return this;
  }

  private Behavior<Command> onTakeState(TakeState message) {
    TransferId id = message.id();
    boolean wanted = !ended && stoppingAt.isEmpty();
    if (wanted && isCurrent(id.term(), id.trainer(), id.incarnation())) {
      slots.get(id.trainer()).state(message.packed());
      if (slots.stream().allMatch(slot -> slot.state().isPresent())) {
        return guarded(this::sync);
      }
    }
    return this;
  }

  private Behavior<Command> onCommitApplied(CommitApplied message) {
    if (ended || !isCurrent(message.term(), message.trainer(), message.incarnation())) {
      return this;
    }
    TrainerSlot slot = slots.get(message.trainer());
    slot.progressed(System.nanoTime());
    if (slot.takeIgnoredAnswer()) {
      return this;
    }
    return guarded(
        () -> {
          committer.verify(message.trainer(), message.applied());
          slot.answer(message.applied());
          if (slots.stream().allMatch(each -> each.answer().isPresent())) {
            concludeSync();
          }
        });
  }

  private Behavior<Command> onNoteProgress(NoteProgress message) {
    TrainerSlot slot = slots.get(message.trainer());
    if (slot.incarnation() == message.incarnation()) {
      slot.progressed(System.nanoTime());
    }
    return this;
  }

  private Behavior<Command> onTrainerFailed(TrainerFailed message) {
    settings
        .events()
        .trainerFailed(
            message.trainer(),
            message.incarnation(),
            committer.committed().step(),
            message.cause());
    return this;
  }

  private Behavior<Command> onStopAtSync(StopAtSync message) {
    stopRequested = true;
    return this;
  }

  private Behavior<Command> onCheckpointDone(CheckpointDone message) {
    Written written = message.written();
    settings.events().checkpointWritten(written.step(), written.directory(), written.bytes());
    return stoppingAt.equals(OptionalLong.of(written.step()))
        ? end(new RunStopped(written.step()))
        : this;
  }

  private Behavior<Command> onNoteSent(NoteSent message) {
    return message
        .failure()
        .map(failure -> end(aborted("a commit could not be sent: " + failure.getMessage())))
        .orElse(this);
  }

  private Behavior<Command> onCheckProgress() {
    long limitNs = settings.run().config().train().progressTimeout().toNanos();
    long now = System.nanoTime();
    for (TrainerSlot slot : slots) {
      boolean working =
          slot.isJoined()
              && slot.state().isEmpty()
              && !(isFinishing() && slot.answer().isPresent());
      if (working && now - slot.progressNs() > limitNs) {
        return end(
            aborted(
                "each trainer must make progress within train.progress-timeout: trainer="
                    + slot.trainer()
                    + ", progress-timeout="
                    + settings.run().config().train().progressTimeout().toSeconds()
                    + "s"));
      }
    }
    return this;
  }

  private void sync() {
    long fastest = slots.stream().mapToLong(TrainerSlot::arrivedNs).min().orElse(0);
    TrainerSlot slowest =
        slots.stream().max((a, b) -> Long.compare(a.arrivedNs(), b.arrivedNs())).orElseThrow();
    for (TrainerSlot slot : slots) {
      slot.metrics()
          .filter(metrics -> !metrics.losses().isEmpty())
          .ifPresent(metrics -> settings.events().stepsMeasured(slot.trainer(), metrics));
    }
    current = committer.sync(slots.stream().map(slot -> slot.state().orElseThrow()).toList());
    settings.events().synced(current, (slowest.arrivedNs() - fastest) / 1e9, slowest.trainer());
    for (TrainerSlot slot : slots) {
      slot.expectAnswer();
      send(slot, current);
    }
  }

  private void concludeSync() {
    List<EvaluationPart> results =
        Applied.merge(slots.stream().map(slot -> slot.answer().orElseThrow()).toList());
    Commit commit = current.commit();
    for (int i = 0; i < results.size(); i++) {
      settings
          .events()
          .evaluated(
              commit.step(),
              commit.version().number(),
              commit.evaluations().get(i),
              results.get(i));
    }
    if (commit.next() == Commit.Next.FINISH) {
      end(
          new RunCompleted(
              new FinishedRun(
                  committer.committed(), results.get(results.size() - 1), committer.traffic())));
    } else if (commit.step() > 0 && stopRequested) {
      stoppingAt = OptionalLong.of(commit.step());
      checkpoint();
    } else if (settings.run().plan().checkpointDue(commit.step())) {
      checkpoint();
    }
  }

  private void checkpoint() {
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
                    : new AbortRun("a checkpoint could not be written: " + failure.getMessage()));
  }

  private void send(TrainerSlot slot, SyncOutcome outcome) {
    TransferId id = slot.nextTransfer(settings.term());
    getContext()
        .pipeToSelf(
            settings.transport().send(id, outcome.payload()),
            (sent, failure) -> new NoteSent(Optional.ofNullable(failure)));
    slot.actor().tell(new TrainerActor.ApplyCommit(outcome.commit(), id));
  }

  private boolean isCurrent(long term, int trainer, int incarnation) {
    return term == settings.term() && slots.get(trainer).incarnation() == incarnation;
  }

  private boolean isFinishing() {
    return current.commit().next() == Commit.Next.FINISH;
  }

  private Behavior<Command> guarded(Runnable work) {
    try {
      work.run();
      return this;
    } catch (RuntimeException e) {
      return end(aborted(String.valueOf(e.getMessage())));
    }
  }

  private RunAborted aborted(String cause) {
    return new RunAborted(committer.committed().step(), cause);
  }

  private Behavior<Command> end(Outcome outcome) {
    if (!ended) {
      ended = true;
      settings.replyTo().tell(outcome);
    }
    return this;
  }
}
