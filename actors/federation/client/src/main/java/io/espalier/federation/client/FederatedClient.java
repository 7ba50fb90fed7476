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
import io.espalier.federation.client.ClientCommand.Answered;
import io.espalier.federation.client.ClientCommand.CannotPrepare;
import io.espalier.federation.client.ClientCommand.CheckCertificate;
import io.espalier.federation.client.ClientCommand.Connect;
import io.espalier.federation.client.ClientCommand.Fetched;
import io.espalier.federation.client.ClientCommand.GiveUp;
import io.espalier.federation.client.ClientCommand.MasksMissing;
import io.espalier.federation.client.ClientCommand.Prepared;
import io.espalier.federation.client.ClientCommand.Progressed;
import io.espalier.federation.client.ClientCommand.Received;
import io.espalier.federation.client.ClientCommand.RenewalEnded;
import io.espalier.federation.client.ClientCommand.Settle;
import io.espalier.federation.client.ClientCommand.Stop;
import io.espalier.federation.client.ClientCommand.StreamEnded;
import io.espalier.federation.client.ClientCommand.WorkCancelled;
import io.espalier.federation.client.ClientCommand.WorkDone;
import io.espalier.federation.client.ClientCommand.WorkEnd;
import io.espalier.federation.client.ClientCommand.WorkFailed;
import io.espalier.federation.client.ClientStateDirectory.FinishedResult;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Refusal;
import io.espalier.federation.protocol.Task;
import io.espalier.federation.protocol.Welcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A device of a federation: keeps a connection to its server, does the tasks that the server
 * assigns, and delivers the results. It does at most one thing at a time: it fetches the payloads
 * of a task, has a worker do the work, or delivers a result. Work continues without a connection. A
 * finished result is on disk before it is delivered, and stays there until the server has accepted
 * or refused it; only then does the next task begin. Writes small files: not for the default
 * dispatcher.
 */
final class FederatedClient extends AbstractBehavior<ClientCommand> {
  private static final DispatcherSelector PINNED =
      DispatcherSelector.fromConfig("espalier.pinned-dispatcher");

  private final ClientSettings settings;
  private final CompletableFuture<EdgeClient.Outcome> end;
  private final ActorRef<LocalWorker.Command> worker;
  private final ReconnectingStream stream;
  private final ClientReports reports;
  private final CertificateRenewal renewal;
  private final Admission admission = new Admission();
  private Activity activity = new Activity.Idle();
  private Optional<Assignment> next = Optional.empty();
  private Optional<FinishedResult> finished = Optional.empty();
  private boolean renewed;

  /** A client that connects at once and completes {@code end} when it ends. */
  public static Behavior<ClientCommand> create(
      ClientSettings settings, CompletableFuture<EdgeClient.Outcome> end) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new FederatedClient(context, timers, settings, end)));
  }

  private FederatedClient(
      ActorContext<ClientCommand> context,
      TimerScheduler<ClientCommand> timers,
      ClientSettings settings,
      CompletableFuture<EdgeClient.Outcome> end) {
    super(context);
    this.settings = settings;
    this.end = end;
    this.stream = new ReconnectingStream(settings, context.getSelf(), timers);
    this.reports = new ClientReports(stream, settings.listener());
    this.renewal = new CertificateRenewal(settings, context, timers);
    this.worker = context.spawn(LocalWorker.create(settings, context.getSelf()), "worker", PINNED);
    context.watch(worker);
    context.getSelf().tell(new Connect());
  }

  @Override
  public Receive<ClientCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(Connect.class, message -> onConnect())
        .onMessage(Received.class, each -> each.attempt() != stream.attempt(), each -> this)
        .onMessage(Received.class, each -> onReceived(each.message()))
        .onMessage(StreamEnded.class, each -> each.attempt() != stream.attempt(), each -> this)
        .onMessage(StreamEnded.class, this::onStreamEnded)
        .onMessage(Prepared.class, this::onPrepared)
        .onMessage(CannotPrepare.class, message -> fail(message.cause()))
        .onMessage(Fetched.class, this::onFetched)
        .onMessage(Progressed.class, this::onProgressed)
        .onMessage(WorkEnd.class, this::onWorkEnd)
        .onMessage(Answered.class, this::onAnswered)
        .onMessage(Settle.class, message -> onSettle())
        .onMessage(GiveUp.class, message -> onGiveUp())
        .onMessage(CheckCertificate.class, message -> onCheckCertificate())
        .onMessage(RenewalEnded.class, this::onRenewalEnded)
        .onMessage(Stop.class, message -> end(new EdgeClient.Outcome.Stopped()))
        .onSignal(ChildFailed.class, this::onWorkerFailed)
        .onSignal(PostStop.class, signal -> release())
        .build();
  }

  private Behavior<ClientCommand> onConnect() {
    renewed = false;
    admission.connect();
    try {
      stream.connect();
      return this;
    } catch (RuntimeException e) {
      return fail(e);
    }
  }

  private Behavior<ClientCommand> onReceived(FromServer message) {
    return switch (message.getMessageCase()) {
      case WELCOME -> onWelcome(message.getWelcome());
      case TASK -> onTask(message.getTask());
      case ROUND_CLOSED -> onRoundClosed(message.getRoundClosed().getRound());
      case REFUSAL -> onRefusal(message.getRefusal());
      case GOODBYE -> onGoodbye(message.getGoodbye().getReason());
      case MESSAGE_NOT_SET -> this;
    };
  }

  private Behavior<ClientCommand> onGoodbye(String reason) {
    return switch (reason) {
      case "finished" -> onRunOver();
      case "replaced" -> fail(IncompatibleClientException.replaced(settings.access().client()));
      default -> retry("the server is " + reason);
    };
  }

  private Behavior<ClientCommand> onRunOver() {
    finished.ifPresent(result -> reports.report(new ClientEvent.ReceiptMissed(result.round())));
    return end(new EdgeClient.Outcome.Finished());
  }

  private Behavior<ClientCommand> onWelcome(Welcome welcome) {
    return switch (admission.welcome(welcome)) {
      case PREPARE -> prepare(welcome);
      case JOIN -> join();
      case WAIT -> this;
    };
  }

  private Behavior<ClientCommand> prepare(Welcome welcome) {
    next = Optional.empty();
    activity.assignment().ifPresent(Assignment::cancel);
    worker.tell(new LocalWorker.Prepare(welcome));
    return this;
  }

  private Behavior<ClientCommand> onPrepared(Prepared message) {
    if (!admission.accept(message)) {
      return this;
    }
    finished = message.result();
    return admission.isWelcomed() ? join() : this;
  }

  private Behavior<ClientCommand> join() {
    Prepared here = admission.prepared();
    onDisk(() -> stream.join(ClientMessages.ready(here, here.masks().read())));
    reports.report(
        new ClientEvent.Joined(
            here.welcome().getRun(),
            here.examples(),
            here.heldBack(),
            RunParticipation.width(here.welcome()),
            here.computing()));
    renewal.plan();
    return advance();
  }

  /** Begins the next activity, unless one is under way or there is no server. */
  private Behavior<ClientCommand> advance() {
    if (!stream.isJoined() || !(activity instanceof Activity.Idle)) {
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

  private Behavior<ClientCommand> onTask(Task task) {
    Assignment assignment;
    try {
      assignment = Assignment.of(task);
    } catch (IllegalArgumentException e) {
      reports.failed(task.getRound(), new Failure(e).text());
      return this;
    }
    boolean known =
        activity
                .assignment()
                .filter(each -> each.isFor(task) && !activity.isLost(stream.attempt()))
                .isPresent()
            || finished.filter(each -> each.round().equals(task.getRound())).isPresent();
    if (!known) {
      activity.assignment().ifPresent(Assignment::cancel);
      next = Optional.of(assignment);
    }
    return advance();
  }

  private Behavior<ClientCommand> onRoundClosed(String round) {
    next = next.filter(each -> !each.round().equals(round));
    activity.assignment().filter(each -> each.round().equals(round)).ifPresent(Assignment::cancel);
    return this;
  }

  private void fetch(Assignment assignment) {
    int attempt = stream.attempt();
    next = Optional.empty();
    activity = new Activity.Fetching(assignment, attempt);
    reports.report(new ClientEvent.Chosen(assignment.round(), assignment.work().kind()));
    getContext()
        .pipeToSelf(
            settings.state().payloads().fetch(assignment.task(), stream.link()),
            (done, failure) -> new Fetched(attempt, assignment, Failure.of(failure)));
  }

  private Behavior<ClientCommand> onFetched(Fetched message) {
    Assignment assignment = message.assignment();
    if (message.failure().isEmpty() && !assignment.isCancelled()) {
      stream.settle();
      activity = new Activity.Working(assignment);
      worker.tell(new LocalWorker.Work(assignment));
      return this;
    }
    activity = new Activity.Idle();
    if (assignment.isCancelled()) {
      reports.report(new ClientEvent.RoundOver(assignment.round()));
      return advance();
    }
    Failure failure = message.failure().orElseThrow();
    if (failure.mayPass()) {
      return message.attempt() == stream.attempt() ? retry(failure.text()) : advance();
    }
    reports.sendFailure(assignment.round(), failure.text());
    reports.report(failure.event(assignment.round()));
    return advance();
  }

  private Behavior<ClientCommand> onProgressed(Progressed message) {
    reports.progressed(message);
    return this;
  }

  private Behavior<ClientCommand> onWorkEnd(WorkEnd message) {
    if (activity.assignment().equals(Optional.of(message.assignment()))) {
      activity = new Activity.Idle();
    }
    String round = message.assignment().round();
    if (message instanceof WorkDone done) {
      finished = Optional.of(done.result());
      reports.report(done.event());
    } else if (message instanceof WorkFailed failed) {
      reports.failed(round, failed.cause());
    } else if (message instanceof WorkCancelled) {
      reports.report(new ClientEvent.RoundOver(round));
    } else if (message instanceof MasksMissing missing) {
      onDisk(settings.state()::forgetMasks);
      return stream.isJoined() ? retry(missing.cause()) : this;
    }
    return advance();
  }

  private void deliver(FinishedResult result) {
    activity = new Activity.Delivering(result);
    int attempt = stream.attempt();
    getContext()
        .pipeToSelf(
            stream.link().upload(result.header(), result.file()),
            (receipt, failure) ->
                new Answered(attempt, result, Optional.ofNullable(receipt), Failure.of(failure)));
  }

  private Behavior<ClientCommand> onAnswered(Answered message) {
    activity = new Activity.Idle();
    if (!finished.equals(Optional.of(message.result()))) {
      return advance();
    }
    if (message.failure().filter(Failure::mayPass).isPresent()) {
      return message.attempt() == stream.attempt()
          ? retry(message.failure().get().text())
          : advance();
    }
    finished = Optional.empty();
    String round = message.result().round();
    if (message.receipt().isPresent()) {
      stream.settle();
      onDisk(settings.state()::accept);
      long bytes = message.result().header().getBytes();
      reports.report(
          new ClientEvent.Delivered(round, bytes, message.receipt().get().getDuplicate()));
    } else {
      onDisk(settings.state()::forgetResult);
      reports.report(message.failure().orElseThrow().event(round));
    }
    return advance();
  }

  private Behavior<ClientCommand> onRefusal(Refusal refusal) {
    String cause = refusal.getReason() + ": " + refusal.getDetail();
    return refusal.getRetry()
        ? retry(cause)
        : fail(IncompatibleClientException.refused(refusal.getReason(), cause));
  }

  private Behavior<ClientCommand> onStreamEnded(StreamEnded message) {
    Exception failure = message.failure().orElse(null);
    String text = failure == null ? "the server has hung up" : new Failure(failure).text();
    if (failure instanceof ServerRefusedException refused && !refused.retry()) {
      return fail(IncompatibleClientException.refused(refused.reason(), text));
    }
    return failure instanceof LinkLostException lost && !lost.retry()
        ? fail(new IncompatibleClientException(text, lost))
        : retry(text);
  }

  private Behavior<ClientCommand> retry(String cause) {
    Duration wait = stream.retry();
    reports.report(new ClientEvent.ConnectionLost(cause, wait));
    return this;
  }

  private Behavior<ClientCommand> onSettle() {
    stream.settle();
    return this;
  }

  private Behavior<ClientCommand> onGiveUp() {
    return fail(IncompatibleClientException.late(settings.times().giveUpAfter().orElseThrow()));
  }

  private Behavior<ClientCommand> onCheckCertificate() {
    renewal.check();
    return this;
  }

  private Behavior<ClientCommand> onRenewalEnded(RenewalEnded message) {
    if (!renewal.ended(message.failure())) {
      return this;
    }
    renewed = true;
    return advance();
  }

  private Behavior<ClientCommand> onWorkerFailed(ChildFailed signal) {
    return fail(
        new IncompatibleClientException(
            "the engine must work: cause=" + signal.getCause(), signal.getCause()));
  }

  private Behavior<ClientCommand> fail(RuntimeException cause) {
    return end(new EdgeClient.Outcome.Failed(cause));
  }

  private Behavior<ClientCommand> end(EdgeClient.Outcome outcome) {
    activity.assignment().ifPresent(Assignment::cancel);
    stream.close();
    end.complete(outcome);
    return Behaviors.stopped();
  }

  private Behavior<ClientCommand> release() {
    stream.close();
    return this;
  }

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
