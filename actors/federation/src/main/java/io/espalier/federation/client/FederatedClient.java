package io.espalier.federation.client;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Payload;
import io.espalier.federation.protocol.Progress;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.protocol.Receipt;
import io.espalier.federation.protocol.Refusal;
import io.espalier.federation.protocol.Task;
import io.espalier.federation.protocol.Welcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A device of a federation: keeps a connection to its server, takes on what it is asked for, and
 * brings the results back.
 *
 * <p>It is busy with at most one thing: it fetches the payloads of a task, has a worker do the
 * work, or delivers a result. Work goes on without a connection. A finished result is on disk
 * before it is delivered, and stays there until the server has accepted or refused it; only then
 * does the next task begin. Writes small files: not for the default dispatcher.
 */
final class FederatedClient extends AbstractBehavior<FederatedClient.Command> {
  private static final DispatcherSelector PINNED =
      DispatcherSelector.fromConfig("espalier.pinned-dispatcher");
  private static final int LONGEST_CAUSE = 200;
  private static final Duration RENEWAL_RETRY = Duration.ofMinutes(1);

  /** What a client is told. */
  public sealed interface Command {}

  /** Leave; what is done so far stays on disk. */
  public record Stop() implements Command {}

  record Received(int attempt, FromServer message) implements Command {}

  record StreamEnded(int attempt, Optional<Exception> failure) implements Command {}

  record Connect() implements Command {}

  record GiveUp() implements Command {}

  record Settle() implements Command {}

  record Prepared(Welcome welcome, int examples, int heldBack, Optional<FinishedResult> result)
      implements Command {}

  record CannotPrepare(RuntimeException cause) implements Command {}

  record Progressed(String round, long done, long total) implements Command {}

  /** How the worker ended its work. */
  sealed interface WorkEnd extends Command {
    Assignment assignment();
  }

  record WorkDone(Assignment assignment, FinishedResult result, ClientEvent event)
      implements WorkEnd {}

  record WorkCancelled(Assignment assignment) implements WorkEnd {}

  record MasksMissing(Assignment assignment, String cause) implements WorkEnd {}

  record WorkFailed(Assignment assignment, String cause) implements WorkEnd {}

  private record Fetched(int attempt, Assignment assignment, Optional<Throwable> failure)
      implements Command {}

  private record Answered(
      int attempt, FinishedResult result, Optional<Receipt> receipt, Optional<Throwable> failure)
      implements Command {}

  private record RenewCertificate() implements Command {}

  private record RenewalEnded(Optional<Throwable> failure) implements Command {}

  private final ClientSettings settings;
  private final CompletableFuture<ClientOutcome> end;
  private final TimerScheduler<Command> timers;
  private final ActorRef<LocalWorker.Command> worker;
  private final ReconnectingStream attendance;
  private Optional<Welcome> preparing = Optional.empty();
  private Optional<Prepared> prepared = Optional.empty();
  private boolean welcomed;
  private Optional<Assignment> taken = Optional.empty();
  private OptionalInt fetching = OptionalInt.empty();
  private Optional<Assignment> next = Optional.empty();
  private Optional<FinishedResult> finished = Optional.empty();
  private boolean delivering;
  private boolean renewed;

  /**
   * A client that connects at once.
   *
   * @param end is completed with its end
   */
  public static Behavior<Command> create(
      ClientSettings settings, CompletableFuture<ClientOutcome> end) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new FederatedClient(context, timers, settings, end)));
  }

  private FederatedClient(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ClientSettings settings,
      CompletableFuture<ClientOutcome> end) {
    super(context);
    this.settings = settings;
    this.end = end;
    this.timers = timers;
    this.attendance = new ReconnectingStream(settings, context.getSelf(), timers);
    this.worker = context.spawn(LocalWorker.create(settings, context.getSelf()), "worker", PINNED);
    context.watch(worker);
    context.getSelf().tell(new Connect());
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Connect.class, message -> onConnect())
        .onMessage(Received.class, each -> each.attempt() != attendance.attempt(), each -> this)
        .onMessage(Received.class, each -> onReceived(each.message()))
        .onMessage(StreamEnded.class, each -> each.attempt() != attendance.attempt(), each -> this)
        .onMessage(StreamEnded.class, this::onStreamEnded)
        .onMessage(Prepared.class, this::onPrepared)
        .onMessage(CannotPrepare.class, message -> end(new ClientOutcome.Failed(message.cause())))
        .onMessage(Fetched.class, this::onFetched)
        .onMessage(Progressed.class, this::onProgressed)
        .onMessage(WorkEnd.class, this::onWorkEnd)
        .onMessage(Answered.class, this::onAnswered)
        .onMessage(Settle.class, message -> onSettle())
        .onMessage(GiveUp.class, message -> onGiveUp())
        .onMessage(RenewCertificate.class, message -> onRenewCertificate())
        .onMessage(RenewalEnded.class, this::onRenewalEnded)
        .onMessage(Stop.class, message -> end(new ClientOutcome.Stopped()))
        .onSignal(ChildFailed.class, this::onWorkerFailed)
        .onSignal(PostStop.class, signal -> release())
        .build();
  }

  private Behavior<Command> onConnect() {
    renewed = false;
    welcomed = false;
    try {
      attendance.connect();
      return this;
    } catch (RuntimeException e) {
      return end(new ClientOutcome.Failed(e));
    }
  }

  private Behavior<Command> onReceived(FromServer message) {
    return switch (message.getMessageCase()) {
      case WELCOME -> onWelcome(message.getWelcome());
      case TASK -> onTask(message.getTask());
      case ROUND_CLOSED -> onRoundClosed(message.getRoundClosed().getRound());
      case REFUSAL -> onRefusal(message.getRefusal());
      case GOODBYE -> onGoodbye(message.getGoodbye().getReason());
      case MESSAGE_NOT_SET -> this;
    };
  }

  private Behavior<Command> onGoodbye(String reason) {
    return switch (reason) {
      case "finished" -> onRunOver();
      case "replaced" ->
          end(
              new ClientOutcome.Failed(
                  IncompatibleClientException.replaced(settings.access().client())));
      default -> retry("the server is " + reason);
    };
  }

  private Behavior<Command> onRunOver() {
    finished.ifPresent(result -> tell(new ClientEvent.ReceiptMissed(result.round())));
    return end(new ClientOutcome.Finished());
  }

  private Behavior<Command> onWelcome(Welcome welcome) {
    welcomed = true;
    if (prepared.filter(known -> known.welcome().equals(welcome)).isPresent()) {
      return join();
    }
    if (!preparing.equals(Optional.of(welcome))) {
      preparing = Optional.of(welcome);
      prepared = Optional.empty();
      next = Optional.empty();
      taken.ifPresent(Assignment::cancel);
      worker.tell(new LocalWorker.Prepare(welcome));
    }
    return this;
  }

  private Behavior<Command> onPrepared(Prepared message) {
    if (!preparing.equals(Optional.of(message.welcome()))) {
      return this;
    }
    preparing = Optional.empty();
    prepared = Optional.of(message);
    finished = message.result();
    return welcomed ? join() : this;
  }

  private Behavior<Command> join() {
    Prepared here = prepared.orElseThrow();
    Ready.Builder ready =
        Ready.newBuilder().setExamples(here.examples()).setHeldBack(here.heldBack());
    onDisk(() -> settings.state().maskVersion().ifPresent(ready::setMaskVersion));
    attendance.join(FromClient.newBuilder().setReady(ready).build());
    tell(
        new ClientEvent.Joined(
            here.welcome().getRun(),
            here.examples(),
            here.heldBack(),
            RunParticipation.width(here.welcome())));
    planRenewal();
    return advance();
  }

  /** Begins what comes next, unless something is going on or there is no server. */
  private Behavior<Command> advance() {
    if (!attendance.isJoined() || taken.isPresent() || delivering) {
      return this;
    }
    if (finished.isPresent()) {
      deliver(finished.get());
    } else if (next.isPresent()) {
      fetch(next.get());
    } else if (renewed) {
      getContext().getSelf().tell(new Connect());
    }
    return this;
  }

  private Behavior<Command> onTask(Task task) {
    Assignment assignment;
    try {
      assignment = Assignment.of(task);
    } catch (IllegalArgumentException e) {
      failed(task.getRound(), text(e));
      return this;
    }
    boolean known =
        taken.filter(each -> each.isFor(task) && !isFetchedInVain()).isPresent()
            || finished.filter(each -> each.round().equals(task.getRound())).isPresent();
    if (!known) {
      taken.ifPresent(Assignment::cancel);
      next = Optional.of(assignment);
    }
    return advance();
  }

  /** Whether payloads come over a connection that is gone. */
  private boolean isFetchedInVain() {
    return fetching.isPresent() && fetching.getAsInt() != attendance.attempt();
  }

  private Behavior<Command> onRoundClosed(String round) {
    next = next.filter(each -> !each.round().equals(round));
    taken.filter(each -> each.round().equals(round)).ifPresent(Assignment::cancel);
    return this;
  }

  private void fetch(Assignment assignment) {
    next = Optional.empty();
    taken = Optional.of(assignment);
    fetching = OptionalInt.of(attendance.attempt());
    tell(new ClientEvent.Chosen(assignment.round(), assignment.work().kind()));
    int attempt = attendance.attempt();
    getContext()
        .pipeToSelf(
            fetched(assignment.task(), attendance.link()),
            (done, failure) -> new Fetched(attempt, assignment, cause(failure)));
  }

  /** Downloads what is not here yet, one payload after another. */
  private CompletionStage<?> fetched(Task task, Link link) {
    PayloadCache cache = settings.state().payloads();
    CompletionStage<?> all = CompletableFuture.completedFuture(task);
    try {
      cache.keepOnly(
          task.getPayloadsList().stream().map(Payload::getDigest).collect(Collectors.toSet()));
      for (Payload each : task.getPayloadsList()) {
        if (!cache.has(each.getDigest(), each.getBytes())) {
          Path target = cache.file(each.getDigest());
          all = all.thenCompose(before -> link.download(each.getDigest(), each.getBytes(), target));
        }
      }
      return all;
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Behavior<Command> onFetched(Fetched message) {
    fetching = OptionalInt.empty();
    Assignment assignment = message.assignment();
    if (message.failure().isEmpty() && !assignment.isCancelled()) {
      attendance.settle();
      worker.tell(new LocalWorker.Work(assignment));
      return this;
    }
    taken = Optional.empty();
    if (assignment.isCancelled()) {
      tell(new ClientEvent.RoundOver(assignment.round()));
      return advance();
    }
    Throwable failure = message.failure().orElseThrow();
    if (mayPass(failure)) {
      return message.attempt() == attendance.attempt() ? retry(text(failure)) : advance();
    }
    tellServer(assignment.round(), text(failure));
    tell(event(assignment.round(), failure));
    return advance();
  }

  private Behavior<Command> onProgressed(Progressed message) {
    if (attendance.isJoined()) {
      attendance.send(
          FromClient.newBuilder()
              .setProgress(
                  Progress.newBuilder()
                      .setRound(message.round())
                      .setDoneSteps(message.done())
                      .setTotalSteps(message.total()))
              .build());
    }
    return this;
  }

  private Behavior<Command> onWorkEnd(WorkEnd message) {
    taken = taken.filter(each -> !each.equals(message.assignment()));
    String round = message.assignment().round();
    if (message instanceof WorkDone done) {
      finished = Optional.of(done.result());
      tell(done.event());
    } else if (message instanceof WorkFailed failed) {
      failed(round, failed.cause());
    } else if (message instanceof WorkCancelled) {
      tell(new ClientEvent.RoundOver(round));
    } else if (message instanceof MasksMissing missing) {
      onDisk(settings.state()::forgetMasks);
      return attendance.isJoined() ? retry(missing.cause()) : this;
    }
    return advance();
  }

  private void deliver(FinishedResult result) {
    delivering = true;
    int attempt = attendance.attempt();
    getContext()
        .pipeToSelf(
            attendance.link().upload(result.header(), result.file()),
            (receipt, failure) ->
                new Answered(attempt, result, Optional.ofNullable(receipt), cause(failure)));
  }

  private Behavior<Command> onAnswered(Answered message) {
    delivering = false;
    if (!finished.equals(Optional.of(message.result()))) {
      return advance();
    }
    if (message.failure().filter(FederatedClient::mayPass).isPresent()) {
      return message.attempt() == attendance.attempt()
          ? retry(text(message.failure().get()))
          : advance();
    }
    finished = Optional.empty();
    String round = message.result().round();
    if (message.receipt().isPresent()) {
      attendance.settle();
      onDisk(settings.state()::accept);
      long bytes = message.result().header().getBytes();
      tell(new ClientEvent.Delivered(round, bytes, message.receipt().get().getDuplicate()));
    } else {
      onDisk(settings.state()::forgetResult);
      tell(event(round, message.failure().orElseThrow()));
    }
    return advance();
  }

  private Behavior<Command> onRefusal(Refusal refusal) {
    String cause = refusal.getReason() + ": " + refusal.getDetail();
    return refusal.getRetry() ? retry(cause) : refused(refusal.getReason(), cause);
  }

  private Behavior<Command> onStreamEnded(StreamEnded message) {
    if (message.failure().isPresent()
        && message.failure().get() instanceof ServerRefusedException refused
        && !refused.retry()) {
      return refused(refused.reason(), text(refused));
    }
    if (message.failure().isPresent()
        && message.failure().get() instanceof LinkLostException lost
        && !lost.retry()) {
      return end(new ClientOutcome.Failed(new IncompatibleClientException(text(lost), lost)));
    }
    return retry(message.failure().map(FederatedClient::text).orElse("the server has hung up"));
  }

  private Behavior<Command> refused(String reason, String cause) {
    return end(new ClientOutcome.Failed(IncompatibleClientException.refused(reason, cause)));
  }

  private Behavior<Command> retry(String cause) {
    Duration wait = attendance.retry();
    tell(new ClientEvent.ConnectionLost(cause, wait));
    return this;
  }

  private Behavior<Command> onSettle() {
    attendance.settle();
    return this;
  }

  private Behavior<Command> onGiveUp() {
    return end(
        new ClientOutcome.Failed(
            new IncompatibleClientException(
                "the server must be there in time: give-up-after=%s; check its address, and that it runs"
                    .formatted(text(settings.times().giveUpAfter().orElseThrow())))));
  }

  private void planRenewal() {
    settings
        .access()
        .untilRenewal()
        .ifPresent(
            wait -> timers.startSingleTimer(RenewCertificate.class, new RenewCertificate(), wait));
  }

  private Behavior<Command> onRenewCertificate() {
    if (!settings.access().untilRenewal().equals(Optional.of(Duration.ZERO))) {
      planRenewal();
      return this;
    }
    CompletionStage<Void> renewal =
        CompletableFuture.runAsync(
            this::renew,
            getContext().getSystem().dispatchers().lookup(DispatcherSelector.blocking()));
    getContext().pipeToSelf(renewal, (done, failure) -> new RenewalEnded(cause(failure)));
    return this;
  }

  private void renew() {
    try {
      settings.access().renew();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Behavior<Command> onRenewalEnded(RenewalEnded message) {
    if (message.failure().isPresent()) {
      tell(new ClientEvent.RenewalFailed(text(message.failure().get()), RENEWAL_RETRY));
      timers.startSingleTimer(RenewCertificate.class, new RenewCertificate(), RENEWAL_RETRY);
      return this;
    }
    renewed = true;
    tell(new ClientEvent.Renewed());
    planRenewal();
    return advance();
  }

  private Behavior<Command> onWorkerFailed(ChildFailed signal) {
    return end(
        new ClientOutcome.Failed(
            new IncompatibleClientException(
                "the engine must work: cause=" + signal.getCause(), signal.getCause())));
  }

  private Behavior<Command> end(ClientOutcome outcome) {
    taken.ifPresent(Assignment::cancel);
    attendance.close();
    end.complete(outcome);
    return Behaviors.stopped();
  }

  private Behavior<Command> release() {
    attendance.close();
    return this;
  }

  private void failed(String round, String cause) {
    tellServer(round, cause);
    tell(new ClientEvent.WorkFailed(round, cause));
  }

  private void tellServer(String round, String cause) {
    if (attendance.isJoined()) {
      FromClient.Builder message = FromClient.newBuilder();
      message
          .getFailedBuilder()
          .setRound(round)
          .setCause(cause.substring(0, Math.min(cause.length(), LONGEST_CAUSE)));
      attendance.send(message.build());
    }
  }

  private void tell(ClientEvent event) {
    settings.listener().accept(event);
  }

  private static ClientEvent event(String round, Throwable failure) {
    return failure instanceof ServerRefusedException
        ? new ClientEvent.Refused(round, text(failure))
        : new ClientEvent.WorkFailed(round, text(failure));
  }

  /** Whether the same may succeed over the next connection. */
  private static boolean mayPass(Throwable failure) {
    return failure instanceof LinkLostException
        || (failure instanceof ServerRefusedException refused && refused.retry());
  }

  private static String text(Duration time) {
    return time.toSecondsPart() == 0 ? time.toMinutes() + "m" : time.toSeconds() + "s";
  }

  private static String text(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private static Optional<Throwable> cause(@Nullable Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? Optional.of(failure.getCause())
        : Optional.ofNullable(failure);
  }

  /** Changes the state directory. */
  private interface DiskWork {
    void run() throws IOException;
  }

  private static void onDisk(DiskWork work) {
    try {
      work.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
