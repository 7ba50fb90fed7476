package io.espalier.federation.server;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Hello;
import io.espalier.federation.protocol.Progress;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.protocol.WorkFailed;
import io.espalier.federation.refusal.RefusalReason;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;

/**
 * Runs the rounds of a federation: every action of a client and every passing of time is a message
 * to this actor, which alone decides what counts. {@link RoundController} makes the decisions. A
 * failure to write or to learn ends the attempt, to be resumed after its cause is mended. So does a
 * later run epoch, which continues the run.
 */
final class FederationServer extends AbstractBehavior<FederationServer.Command> {
  sealed interface Command {}

  record Attend(ClientSession session, Hello hello) implements Command {}

  record MakeReady(ClientSession session, Ready ready) implements Command {}

  record NoteProgress(ClientSession session, Progress progress) implements Command {}

  record NoteFailure(ClientSession session, WorkFailed failure) implements Command {}

  record Leave(ClientSession session) implements Command {}

  record Announce(String client, UploadHeader header, CompletableFuture<UploadVerdict> answer)
      implements Command {}

  record Complete(
      String client, UploadHeader header, Path file, CompletableFuture<UploadVerdict> answer)
      implements Command {}

  record NoteRefusal(Optional<String> client, RefusalReason reason, String detail)
      implements Command {}

  record DropRevoked(Set<String> clients) implements Command {}

  /** Ends the attempt with the result for its completed rounds. */
  record Stop(LongFunction<RunResult> result) implements Command {}

  /** Ends the attempt: a later run epoch has begun. */
  record Fence(FencedException cause) implements Command {}

  private enum Tick implements Command {
    TIME
  }

  private static final UploadVerdict ENDED =
      new UploadVerdict.Unavailable("the server ends; its next attempt goes on");

  private final TimerScheduler<Command> timers;
  private final RoundController rounds;
  private final CompletableFuture<RunResult> end;

  static Behavior<Command> create(RoundController rounds, CompletableFuture<RunResult> end) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new FederationServer(context, timers, rounds, end)));
  }

  static GatewayHandler handler(ActorRef<Command> server, PayloadCatalog catalog) {
    return new Handler(server, catalog);
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
            Attend.class,
            message -> then(() -> rounds.clients().attend(message.session(), message.hello())))
        .onMessage(
            MakeReady.class,
            message -> then(() -> rounds.ready(message.session(), message.ready())))
        .onMessage(
            NoteProgress.class,
            message -> then(() -> rounds.progressed(message.session(), message.progress())))
        .onMessage(
            NoteFailure.class,
            message -> then(() -> rounds.failed(message.session(), message.failure())))
        .onMessage(Leave.class, message -> then(() -> rounds.clients().left(message.session())))
        .onMessage(
            Announce.class,
            message ->
                answer(message.answer(), () -> rounds.admit(message.client(), message.header())))
        .onMessage(
            Complete.class,
            message ->
                answer(
                    message.answer(),
                    () -> rounds.complete(message.client(), message.header(), message.file())))
        .onMessage(
            NoteRefusal.class,
            message ->
                then(() -> rounds.refused(message.client(), message.reason(), message.detail())))
        .onMessage(
            DropRevoked.class, message -> then(() -> rounds.clients().drop(message.clients())))
        .onMessageEquals(Tick.TIME, () -> then(() -> {}))
        .onMessage(Stop.class, message -> over(rounds.stop(message.result())))
        .onMessage(Fence.class, message -> over(rounds.fail(message.cause())))
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private interface Work {
    void run() throws IOException;
  }

  private interface Decision {
    UploadVerdict make() throws IOException;
  }

  /** Answers, then does all that has become due; a decision that fails is answered too. */
  private Behavior<Command> answer(CompletableFuture<UploadVerdict> answer, Decision decision) {
    Behavior<Command> next = then(() -> answer.complete(decision.make()));
    answer.complete(ENDED);
    return next;
  }

  private Behavior<Command> then(Work work) {
    try {
      work.run();
      Due due = rounds.advance();
      if (due instanceof Due.Later later) {
        timers.startSingleTimer(Tick.TIME, Duration.ofMillis(later.milliseconds()));
        return this;
      }
      return due instanceof Due.Finished ? over(rounds.finish()) : this;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      return over(rounds.fail(e));
    }
  }

  /** Ends the run; clients that still ask are answered until the gateway closes. */
  private Behavior<Command> over(RunResult result) {
    timers.cancelAll();
    end.complete(result);
    FromServer last = ConnectedClients.goodbyeMessage(result instanceof RunResult.Finished);
    return Behaviors.receive(Command.class)
        .onMessage(Announce.class, message -> refuseLate(message.answer()))
        .onMessage(Complete.class, message -> refuseLate(message.answer()))
        .onMessage(
            Attend.class,
            message -> {
              message.session().end(last);
              return Behaviors.same();
            })
        .onAnyMessage(message -> Behaviors.same())
        .build();
  }

  private static Behavior<Command> refuseLate(CompletableFuture<UploadVerdict> answer) {
    answer.complete(ENDED);
    return Behaviors.same();
  }

  /** An actor that ends before its run, by a bug or with its system, must end the run. */
  private Behavior<Command> onPostStop() {
    end.complete(rounds.abandon());
    return this;
  }

  private record Handler(ActorRef<Command> server, PayloadCatalog catalog)
      implements GatewayHandler {
    @Override
    public void attended(ClientSession session, Hello hello) {
      server.tell(new Attend(session, hello));
    }

    @Override
    public void ready(ClientSession session, Ready ready) {
      server.tell(new MakeReady(session, ready));
    }

    @Override
    public void progressed(ClientSession session, Progress progress) {
      server.tell(new NoteProgress(session, progress));
    }

    @Override
    public void failed(ClientSession session, WorkFailed failure) {
      server.tell(new NoteFailure(session, failure));
    }

    @Override
    public void left(ClientSession session) {
      server.tell(new Leave(session));
    }

    @Override
    public Optional<Path> payload(String client, String digest) {
      return catalog.payload(digest);
    }

    @Override
    public CompletionStage<UploadVerdict> announced(String client, UploadHeader header) {
      CompletableFuture<UploadVerdict> answer = new CompletableFuture<>();
      server.tell(new Announce(client, header, answer));
      return answer;
    }

    @Override
    public CompletionStage<UploadVerdict> completed(String client, UploadHeader header, Path file) {
      CompletableFuture<UploadVerdict> answer = new CompletableFuture<>();
      server.tell(new Complete(client, header, file, answer));
      return answer;
    }

    @Override
    public void refused(Optional<String> client, RefusalReason reason, String detail) {
      server.tell(new NoteRefusal(client, reason, detail));
    }
  }
}
