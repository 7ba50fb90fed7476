package io.espalier.federation.server;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.espalier.federation.gateway.ClientSession;
import io.espalier.federation.gateway.UploadAdmission;
import io.espalier.federation.gateway.UploadVerdict;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Hello;
import io.espalier.federation.protocol.Progress;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.protocol.WorkFailed;
import io.espalier.federation.transfer.RefusalReason;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Runs the rounds of a federation: whatever clients do and whatever time does comes to it as a
 * message, and all that counts is decided by it alone. Decisions are those of {@link
 * RoundController}.
 *
 * <p>What cannot be written or learned ends the run, to be resumed once its cause is mended. So
 * does a later reign, which goes on with it.
 */
final class FederationServer extends AbstractBehavior<FederationServer.Command> {
  /** What the server is told. */
  sealed interface Command {}

  /** A client is connected and has said Hello. */
  record Attend(ClientSession session, Hello hello) implements Command {}

  /** A client has its data and can be chosen. */
  record MakeReady(ClientSession session, Ready ready) implements Command {}

  /** A client works. */
  record NoteProgress(ClientSession session, Progress progress) implements Command {}

  /** A client's work came to nothing. */
  record NoteFailure(ClientSession session, WorkFailed failure) implements Command {}

  /** A client is not connected any more. */
  record Leave(ClientSession session) implements Command {}

  /** A client asks whether it may send a result. */
  record Announce(String client, UploadHeader header, CompletableFuture<UploadAdmission> answer)
      implements Command {}

  /** A client's result is whole. */
  record Complete(
      String client, UploadHeader header, Path file, CompletableFuture<UploadVerdict> answer)
      implements Command {}

  /** The gateway refused something. */
  record NoteRefusal(Optional<String> client, RefusalReason reason, String detail)
      implements Command {}

  /** Ends the sessions of clients that were revoked. */
  record DropRevoked(Set<String> clients) implements Command {}

  /** Ends the attempt; what was accepted is kept. */
  record Stop() implements Command {}

  /** Ends the attempt: a later reign over the run has begun. */
  record Fence(FencedException cause) implements Command {}

  private enum Tick implements Command {
    TIME
  }

  private static final UploadVerdict.Unavailable ENDED =
      new UploadVerdict.Unavailable("the server ends; its next attempt goes on");

  private final TimerScheduler<Command> timers;
  private final RoundController rounds;
  private final CompletableFuture<RunResult> end;

  /** A server that completes {@code end} when the run is over. */
  static Behavior<Command> create(RoundController rounds, CompletableFuture<RunResult> end) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new FederationServer(context, timers, rounds, end)));
  }

  private FederationServer(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      RoundController rounds,
      CompletableFuture<RunResult> end) {
    super(context);
    this.timers = timers;
    this.rounds = rounds;
    this.end = end;
    context.getSelf().tell(Tick.TIME);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(
            Attend.class, message -> then(() -> rounds.attend(message.session(), message.hello())))
        .onMessage(
            MakeReady.class,
            message -> then(() -> rounds.ready(message.session(), message.ready())))
        .onMessage(
            NoteProgress.class,
            message -> then(() -> rounds.progressed(message.session(), message.progress())))
        .onMessage(
            NoteFailure.class,
            message -> then(() -> rounds.failed(message.session(), message.failure())))
        .onMessage(Leave.class, message -> then(() -> rounds.left(message.session())))
        .onMessage(
            Announce.class,
            message ->
                answer(
                    message.answer(),
                    ENDED,
                    () -> rounds.admit(message.client(), message.header())))
        .onMessage(
            Complete.class,
            message ->
                answer(
                    message.answer(),
                    ENDED,
                    () -> rounds.complete(message.client(), message.header(), message.file())))
        .onMessage(
            NoteRefusal.class,
            message ->
                then(() -> rounds.refused(message.client(), message.reason(), message.detail())))
        .onMessage(DropRevoked.class, message -> then(() -> rounds.drop(message.clients())))
        .onMessageEquals(Tick.TIME, () -> then(() -> {}))
        .onMessage(Stop.class, message -> over(rounds.stop()))
        .onMessage(Fence.class, message -> over(rounds.fail(message.cause())))
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  /** Something that may fail. */
  private interface Work {
    void run() throws IOException;
  }

  /** An answer that may fail. */
  private interface Decision<T> {
    T make() throws IOException;
  }

  /** Answers, then does all that has become due; who asks learns also that there is no answer. */
  private <T> Behavior<Command> answer(
      CompletableFuture<? super T> answer, T otherwise, Decision<T> decision) {
    Behavior<Command> next = then(() -> answer.complete(decision.make()));
    answer.complete(otherwise);
    return next;
  }

  /** Does one thing, then all that has become due by it. */
  private Behavior<Command> then(Work work) {
    try {
      work.run();
      RoundController.Due due = rounds.advance();
      if (due instanceof RoundController.Due.Later later) {
        timers.startSingleTimer(Tick.TIME, Duration.ofMillis(later.milliseconds()));
        return this;
      }
      return due instanceof RoundController.Due.Finished ? over(rounds.finish()) : this;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      return over(rounds.fail(e));
    }
  }

  /** Ends the run; what clients still ask is answered until the gateway closes. */
  private Behavior<Command> over(RunResult result) {
    timers.cancelAll();
    end.complete(result);
    FromServer last = ConnectedClients.lastWords(result instanceof RunResult.Finished);
    return Behaviors.receive(Command.class)
        .onMessage(Announce.class, message -> late(message.answer()))
        .onMessage(Complete.class, message -> late(message.answer()))
        .onMessage(
            Attend.class,
            message -> {
              message.session().end(last);
              return Behaviors.same();
            })
        .onAnyMessage(message -> Behaviors.same())
        .build();
  }

  private static Behavior<Command> late(
      CompletableFuture<? super UploadVerdict.Unavailable> answer) {
    answer.complete(ENDED);
    return Behaviors.same();
  }

  /** An actor that ends before its run, by a bug or with its system, leaves nobody waiting. */
  private Behavior<Command> onPostStop() {
    end.complete(rounds.abandon());
    return this;
  }
}
