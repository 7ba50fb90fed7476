package io.espalier.training;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.espalier.configs.fault.FailureText;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.Replica;
import io.espalier.trainer.replica.Replica.StepOutcome;
import io.espalier.trainer.state.DivergedException;
import io.espalier.trainer.stream.ExampleStream.StreamFailedException;
import io.espalier.trainer.sync.AppliedCommit;
import io.espalier.trainer.sync.Commit;
import io.espalier.training.transport.Lane;
import io.espalier.training.transport.TransferId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Trains one replica: applies the coordinator's commit, then takes one step for each message to
 * itself until the next sync, then sends its state.
 *
 * <p>Must run on a pinned dispatcher: the engine's work belongs to one thread. An exception ends
 * this incarnation; supervision starts the next one, which joins anew and replays its interval.
 */
final class TrainerActor extends AbstractBehavior<TrainerActor.Command> {
  private static final long PROGRESS_INTERVAL_NS = Duration.ofSeconds(1).toNanos();
  private static final Duration EXAMPLES_WAIT = Duration.ofMillis(200);

  /** Only a {@link NodeMessage} may leave its node. */
  sealed interface Command extends NoSerializationVerificationNeeded {}

  /** Apply a commit whose bytes are in the transfer {@code payload}. */
  record ApplyCommit(Commit commit, TransferId payload) implements Command, NodeMessage {}

  /** A message to itself. Restarts keep the mailbox: those of older incarnations are dropped. */
  private sealed interface Note extends Command {
    int incarnation();
  }

  private record TakePayload(int incarnation, Commit commit, ByteBuffer payload) implements Note {}

  private record FailTransfer(int incarnation, Throwable cause) implements Note {}

  private record TakeStep(int incarnation) implements Note {}

  private record NoteSent(int incarnation) implements Note {}

  record Settings(
      PreparedRun run,
      int trainer,
      long term,
      Lane.Route route,
      ActorRef<CoordinatorMessage> coordinator) {}

  private final Settings settings;
  private final int incarnation;
  private final Replica replica;
  private final Lane lane;
  private final IntervalMeter meter = new IntervalMeter(System::nanoTime);
  private long sentTransfers;
  private long lastProgressNs = System.nanoTime();

  /** A trainer that counts its incarnations in {@code incarnations}, across restarts. */
  static Behavior<Command> create(Settings settings, AtomicInteger incarnations) {
    return Behaviors.setup(
        context -> {
          try {
            return new TrainerActor(context, settings, incarnations.incrementAndGet());
          } catch (OutOfMemoryError e) {
            settings.coordinator().tell(new CoordinatorMessage.AbortRun(FailureText.of(e)));
            return Behaviors.stopped();
          }
        });
  }

  private TrainerActor(ActorContext<Command> context, Settings settings, int incarnation) {
    super(context);
    this.settings = settings;
    this.incarnation = incarnation;
    this.replica = Replica.of(settings.run(), settings.trainer(), this::reportProgress);
    Lane.Opened opened = settings.route().open(settings.term(), settings.trainer(), incarnation);
    this.lane = opened.lane();
    settings
        .coordinator()
        .tell(
            new CoordinatorMessage.JoinTrainer(
                settings.term(),
                settings.trainer(),
                incarnation,
                settings.run().capability(0),
                opened.key(),
                context.getSelf()));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(ApplyCommit.class, this::onApplyCommit)
        .onMessage(Note.class, note -> note.incarnation() != incarnation, note -> this)
        .onMessage(TakePayload.class, this::onTakePayload)
        .onMessage(FailTransfer.class, this::onFailTransfer)
        .onMessage(TakeStep.class, this::onTakeStep)
        .onMessage(NoteSent.class, this::onNoteSent)
        .onSignal(PreRestart.class, signal -> release())
        .onSignal(PostStop.class, signal -> release())
        .build();
  }

  private Behavior<Command> onApplyCommit(ApplyCommit message) {
    if (message.payload().term() == settings.term()
        && message.payload().incarnation() == incarnation) {
      if (sentTransfers == 0) {
        meter.skip();
      } else {
        meter.lap(IntervalMeter.Lap.WAIT);
      }
      getContext()
          .pipeToSelf(
              lane.receive(message.payload()),
              (payload, failure) ->
                  failure == null
                      ? new TakePayload(incarnation, message.commit(), payload)
                      : new FailTransfer(incarnation, failure));
    }
    return this;
  }

  private Behavior<Command> onTakePayload(TakePayload message) {
    Commit commit = message.commit();
    meter.lap(IntervalMeter.Lap.DOWNLOAD);
    long evaluatedNs = replica.evaluationNs();
    AppliedCommit applied = attempt(() -> replica.apply(commit, message.payload()));
    lane.release(message.payload());
    meter.lap(
        IntervalMeter.Lap.APPLY, IntervalMeter.Lap.EVALUATE, replica.evaluationNs() - evaluatedNs);
    settings
        .coordinator()
        .tell(
            new CoordinatorMessage.CommitApplied(
                settings.term(), settings.trainer(), incarnation, applied));
    switch (commit.next()) {
      case TRAIN -> getContext().getSelf().tell(new TakeStep(incarnation));
      case RECALIBRATE -> send(Replica::recalibrate);
      case MEASURE -> send(Replica::measure);
      case AWAIT, FINISH -> {}
    }
    return this;
  }

  private void send(Consumer<Replica> prepared) {
    attempt(
        () -> {
          prepared.accept(replica);
          return true;
        });
    sendState();
  }

  private Behavior<Command> onFailTransfer(FailTransfer message) {
    return attempt(
        () -> {
          throw new IllegalStateException("a transfer failed: " + message.cause(), message.cause());
        });
  }

  private Behavior<Command> onTakeStep(TakeStep message) {
    if (!attempt(() -> replica.awaitExamples(EXAMPLES_WAIT))) {
      reportWaiting();
      getContext().getSelf().tell(message);
      return this;
    }
    meter.skip();
    try {
      StepOutcome outcome = attempt(replica::step);
      meter.add(outcome);
    } catch (DivergedException e) {
      settings
          .coordinator()
          .tell(new CoordinatorMessage.DivergeRun(String.valueOf(e.getMessage())));
      return this;
    }
    reportProgress();
    if (settings.run().plan().isSync(replica.completedSteps())) {
      sendState();
    } else {
      getContext().getSelf().tell(new TakeStep(incarnation));
    }
    return this;
  }

  private Behavior<Command> onNoteSent(NoteSent message) {
    meter.lap(IntervalMeter.Lap.UPLOAD);
    return this;
  }

  private void sendState() {
    IntervalMetrics metrics = meter.take();
    TransferId id =
        new TransferId(
            settings.term(),
            settings.trainer(),
            incarnation,
            TransferId.Direction.TO_COORDINATOR,
            ++sentTransfers);
    ByteBuffer packed = attempt(replica::packedState);
    meter.lap(IntervalMeter.Lap.APPLY);
    getContext()
        .pipeToSelf(
            lane.send(id, packed),
            (sent, failure) ->
                failure == null
                    ? new NoteSent(incarnation)
                    : new FailTransfer(incarnation, failure));
    settings
        .coordinator()
        .tell(
            new CoordinatorMessage.StateSent(
                replica.completedSteps(), replica.maskVersion(), replica.layout(), id, metrics));
  }

  private void reportProgress() {
    report(new CoordinatorMessage.NoteProgress(settings.term(), settings.trainer(), incarnation));
  }

  private void reportWaiting() {
    report(new CoordinatorMessage.NoteWaiting(settings.term(), settings.trainer(), incarnation));
  }

  private void report(CoordinatorMessage note) {
    long now = System.nanoTime();
    if (now - lastProgressNs >= PROGRESS_INTERVAL_NS) {
      lastProgressNs = now;
      settings.coordinator().tell(note);
    }
  }

  private <T> T attempt(Supplier<T> work) {
    try {
      return work.get();
    } catch (DivergedException e) {
      throw e;
    } catch (StreamFailedException e) {
      settings.coordinator().tell(new CoordinatorMessage.AbortRun(String.valueOf(e.getMessage())));
      throw e;
    } catch (OutOfMemoryError e) {
      throw outOfMemory(e);
    } catch (RuntimeException e) {
      if (FailureText.outOfMemory(e).isPresent()) {
        throw outOfMemory(e);
      }
      settings
          .coordinator()
          .tell(
              new CoordinatorMessage.TrainerFailed(
                  settings.term(), settings.trainer(), incarnation, FailureText.of(e)));
      throw e;
    }
  }

  /** The next incarnation would need as much memory: the run ends. */
  private IllegalStateException outOfMemory(Throwable cause) {
    String text = FailureText.of(cause);
    settings.coordinator().tell(new CoordinatorMessage.AbortRun(text));
    return new IllegalStateException(text, cause);
  }

  private Behavior<Command> release() {
    lane.close();
    replica.close();
    return this;
  }
}
