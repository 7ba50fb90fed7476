package io.espalier.federation.client;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.espalier.configs.fault.FailureText;
import io.espalier.federation.protocol.Welcome;
import io.espalier.trainer.federated.ClientResult;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Does a client's work, one assignment after another. Must run on a pinned dispatcher: the work of
 * an executor belongs to one thread.
 */
final class LocalWorker extends AbstractBehavior<LocalWorker.Command> {
  sealed interface Command {}

  record Prepare(Welcome welcome) implements Command {}

  record Work(Assignment assignment) implements Command {}

  private static final class CancelledException extends RuntimeException {}

  private final ClientSettings settings;
  private final ActorRef<ClientCommand> client;
  private final long progressNs;
  private Optional<RunParticipation> participation = Optional.empty();
  private Optional<Assignment> current = Optional.empty();
  private long total;
  private long done;
  private long sentAtNs;

  static Behavior<Command> create(ClientSettings settings, ActorRef<ClientCommand> client) {
    return Behaviors.setup(context -> new LocalWorker(context, settings, client));
  }

  private LocalWorker(
      ActorContext<Command> context, ClientSettings settings, ActorRef<ClientCommand> client) {
    super(context);
    this.settings = settings;
    this.client = client;
    this.progressNs = settings.times().progress().toNanos();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Prepare.class, this::onPrepare)
        .onMessage(Work.class, this::onWork)
        .onSignal(PostStop.class, signal -> release())
        .build();
  }

  private Behavior<Command> onPrepare(Prepare message) {
    release();
    try {
      RunParticipation prepared = RunParticipation.of(message.welcome(), settings, this::onBatch);
      participation = Optional.of(prepared);
      client.tell(
          new ClientCommand.Prepared(
              message.welcome(),
              prepared.trainingExamples(),
              prepared.heldBack(),
              prepared.computing(),
              prepared::held,
              settings.state().result()));
    } catch (IOException e) {
      client.tell(
          new ClientCommand.CannotPrepare(
              new IncompatibleClientException("files must be readable and writable: " + e, e)));
    } catch (RuntimeException e) {
      client.tell(new ClientCommand.CannotPrepare(e));
    } catch (OutOfMemoryError e) {
      client.tell(
          new ClientCommand.CannotPrepare(new IncompatibleClientException(FailureText.of(e), e)));
    }
    return this;
  }

  private Behavior<Command> onWork(Work message) {
    Assignment assignment = message.assignment();
    current = Optional.of(assignment);
    try {
      RunParticipation.Outcome outcome = participation.orElseThrow().work(assignment, this::begin);
      client.tell(
          new ClientCommand.WorkDone(assignment, outcome.finished(), event(outcome, assignment)));
    } catch (CancelledException e) {
      client.tell(new ClientCommand.WorkCancelled(assignment));
    } catch (RunParticipation.MissingMasksException e) {
      client.tell(new ClientCommand.MasksMissing(assignment, String.valueOf(e.getMessage())));
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      getContext().getLog().warn("work of round {} failed", assignment.round(), e);
      client.tell(new ClientCommand.WorkFailed(assignment, FailureText.of(e)));
    } finally {
      current = Optional.empty();
    }
    return this;
  }

  private static ClientEvent.WorkDone event(
      RunParticipation.Outcome outcome, Assignment assignment) {
    Optional<ClientResult.Trained> trained =
        outcome.result() instanceof ClientResult.Trained each
            ? Optional.of(each)
            : Optional.empty();
    return new ClientEvent.WorkDone(
        assignment.round(),
        assignment.work().kind(),
        trained.map(ClientResult.Trained::steps).orElse(0L),
        trained.map(each -> OptionalDouble.of(each.loss())).orElse(OptionalDouble.empty()),
        outcome.finished().header().getBytes());
  }

  private void begin(long batches) {
    total = batches;
    done = 0;
    sendProgress();
  }

  private void onBatch() {
    current.filter(Assignment::isCancelled).ifPresent(LocalWorker::cancel);
    done++;
    if (System.nanoTime() - sentAtNs >= progressNs) {
      sendProgress();
    }
  }

  private static void cancel(Assignment assignment) {
    throw new CancelledException();
  }

  private void sendProgress() {
    sentAtNs = System.nanoTime();
    current.ifPresent(
        assignment -> client.tell(new ClientCommand.Progressed(assignment.round(), done, total)));
  }

  private Behavior<Command> release() {
    participation.ifPresent(RunParticipation::close);
    participation = Optional.empty();
    return this;
  }
}
