package io.espalier.service.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.EntityContext;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RunAlert;
import io.espalier.service.ServiceMessage;
import io.espalier.training.RunResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run: keeps its events in the journal, starts its attempts on this node, and reports to the
 * scheduler.
 *
 * <p>A write that fails restarts it from the journal until that is available again; the attempt
 * trains on meanwhile, and its facts wait in the {@link AttemptRegistry}. If the journal then holds
 * events that this node did not write, another node owns the run: the attempt is cancelled and the
 * entity stops.
 *
 * <p>Every 20 events a snapshot replaces all before it, so that the journal of a long run does not
 * grow; the history that users see is part of the snapshot ({@link LifecycleHistory}).
 */
public final class RunEntity
    extends OwnedJournal<RunEntity.Command, JournaledRun.Recorded, JournaledRun> {
  public static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "run");

  private static final Logger LOG = LoggerFactory.getLogger(RunEntity.class);
  private static final int EVENTS_PER_SNAPSHOT = 20;
  private static final Duration LEAVE_LIMIT = Duration.ofSeconds(5);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(10);

  public sealed interface Command extends ServiceMessage {}

  /** Ignored if the run was submitted before. */
  public record Create(RunSpec spec) implements Command {}

  /** Report the state of the run. */
  public record Wake() implements Command {}

  /** Begin an attempt, if there was no event since {@code revision}. */
  public record Start(AttemptGrant grant, long revision) implements Command {}

  /** May be answered by {@link RunReply.Refused}. */
  sealed interface Question extends Command {
    ActorRef<RunReply> replyTo();
  }

  /** Answered by {@link RunReply.Status}. */
  public record Request(RunAction action, ActorRef<RunReply> replyTo) implements Question {}

  public record GetStatus(ActorRef<RunReply> replyTo) implements Question {}

  public record GetHistory(ActorRef<RunReply> replyTo) implements Question {}

  public record GetRecipe(ActorRef<RunReply> replyTo) implements Question {}

  /** The scheduler has the report of that revision, and these alerts. */
  public record Acknowledge(long revision, List<String> alerts) implements Command {
    public Acknowledge {
      alerts = alerts == null ? List.of() : List.copyOf(alerts);
    }

    static Acknowledge of(Scheduler.Reported report) {
      return new Acknowledge(
          report.revision(), report.alerts().stream().map(RunAlert::id).toList());
    }
  }

  /** Pause the attempt, and end once the scheduler has the report. */
  public record Stop() implements Command {}

  private record Reconcile() implements Command {}

  private record TakeFact() implements Command {}

  record Repeat() implements Command {}

  private record Leave() implements Command {}

  record EndBackOff() implements Command {}

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final String id;
  private final RunHost host;
  private final RunReporter reporter;
  private boolean stopping;

  public static Behavior<Command> create(EntityContext<Command> entity, RunHost host) {
    return supervised(
        LONGEST_BACK_OFF, (context, timers) -> new RunEntity(context, timers, entity, host));
  }

  public static String persistenceId(String run) {
    return PersistenceId.of(KEY.name(), run).id();
  }

  private RunEntity(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      EntityContext<Command> entity,
      RunHost host) {
    super(
        context,
        PersistenceId.of(KEY.name(), entity.getEntityId()),
        host.writer(),
        host.meters(),
        LONGEST_BACK_OFF);
    this.context = context;
    this.timers = timers;
    this.shard = entity.getShard();
    this.id = entity.getEntityId();
    this.host = host;
    this.reporter = new RunReporter(host, timers, context.getSelf());
  }

  @Override
  public JournaledRun emptyState() {
    return JournaledRun.unsubmitted(id);
  }

  @Override
  public EventHandler<JournaledRun, JournaledRun.Recorded> eventHandler() {
    return JournaledRun::after;
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(EVENTS_PER_SNAPSHOT, 1).withDeleteEventsOnSnapshot();
  }

  @Override
  public SignalHandler<JournaledRun> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::recovered)
        .onSignal(PostStop.instance(), run -> host.attempts().abandon(id))
        .build();
  }

  @Override
  public CommandHandler<Command, JournaledRun.Recorded, JournaledRun> commandHandler() {
    var handlers = newCommandHandlerBuilder();
    handlers.forState(run -> isLost()).onAnyCommand(this::refuse);
    handlers
        .forAnyState()
        .onCommand(Create.class, this::create)
        .onCommand(Wake.class, (run, wake) -> wake(run))
        .onCommand(Start.class, this::start)
        .onCommand(Request.class, this::request)
        .onCommand(GetStatus.class, (run, get) -> reply(run, get, this::current))
        .onCommand(
            GetHistory.class,
            (run, get) -> reply(run, get, known -> new RunReply.History(known.history().entries())))
        .onCommand(
            GetRecipe.class,
            (run, get) ->
                reply(run, get, known -> new RunReply.Recipe(known.spec().orElseThrow().recipe())))
        .onCommand(Acknowledge.class, this::acknowledge)
        .onCommand(Stop.class, (run, stop) -> stop(run))
        .onCommand(Reconcile.class, (run, reconcile) -> reconcile(run))
        .onCommand(TakeFact.class, (run, take) -> takeFact(run))
        .onCommand(Repeat.class, (run, repeat) -> wake(run))
        .onCommand(EndBackOff.class, (run, end) -> wake(run))
        .onCommand(Leave.class, (run, leave) -> Effect().stop());
    return handlers.build();
  }

  private void recovered(JournaledRun run) {
    recovered(run.writer(), host.attempts().isLost(id));
    if (isLost()) {
      LOG.warn("another node owns the run now: run={}, writer={}", id, run.writer());
      host.attempts().lose(id);
    }
    context.getSelf().tell(new Reconcile());
  }

  private Effect<JournaledRun.Recorded, JournaledRun> refuse(JournaledRun run, Command command) {
    if (command instanceof Question question) {
      question.replyTo().tell(RunReply.Refused.moved(id));
    }
    return Effect().stop();
  }

  /** Makes events and attempt agree after a recovery. */
  private Effect<JournaledRun.Recorded, JournaledRun> reconcile(JournaledRun run) {
    Optional<RunAttempt> attempt = attempt(run);
    if (attempt.isPresent()) {
      attempt.get().obey(run.phase());
      return takeFact(run);
    }
    host.attempts().abandon(id);
    if (!run.hasAttempt()) {
      reporter.startBackOff(run);
      return run.ended() ? Effect().none() : wake(run);
    }
    return persist(run.cutOffByService("the process that it ran in ended"), reporter::startBackOff);
  }

  private Effect<JournaledRun.Recorded, JournaledRun> create(JournaledRun run, Create create) {
    return run.spec().isPresent()
        ? wake(run)
        : persist(new LifecycleEvent.Submitted(create.spec()), after -> {});
  }

  private Effect<JournaledRun.Recorded, JournaledRun> wake(JournaledRun run) {
    if (run.phase().state().isPresent()) {
      reporter.report(run, attempt(run));
    }
    return Effect().none();
  }

  private Effect<JournaledRun.Recorded, JournaledRun> start(JournaledRun run, Start start) {
    if (stopping || host.attempts().closing().isPresent()) {
      return Effect().none();
    }
    boolean current =
        run.phase() instanceof RunPhase.Queued
            && run.revision() == start.revision()
            && start.grant().node().equals(host.node());
    if (!current) {
      return wake(run);
    }
    long term = run.course().term() + 1;
    return persist(
        new LifecycleEvent.Started(
            term,
            host.node(),
            start.grant().placements(),
            start.grant().gateway(),
            !host.attempts().isolates(start.grant().placements())),
        after ->
            host.attempts()
                .start(
                    after.spec().orElseThrow(),
                    RunLauncher.Order.of(after, host.runs()),
                    () -> context.getSelf().tell(new TakeFact())));
  }

  private Effect<JournaledRun.Recorded, JournaledRun> takeFact(JournaledRun run) {
    Optional<RunAttempt> attempt = attempt(run);
    Optional<RunAttempt.Fact> fact = attempt.flatMap(RunAttempt::next);
    if (fact.isEmpty()) {
      return attempt.isPresent() ? wake(run) : Effect().none();
    }
    LifecycleEvent event =
        fact.get().event().orElseGet(() -> ended(run, fact.get().result().orElseThrow()));
    return persist(event, after -> persisted(after, attempt.get()));
  }

  private LifecycleEvent ended(JournaledRun run, RunResult result) {
    String why =
        host.attempts()
            .closing()
            .orElse(stopping ? "its node handed it over" : "it ended without being asked to");
    return run.ended(result, why);
  }

  private void persisted(JournaledRun run, RunAttempt attempt) {
    attempt.taken();
    reporter.startBackOff(run);
    if (!run.hasAttempt()) {
      host.attempts().release(id, run.ended());
      if (stopping) {
        context.getSelf().tell(new Stop());
      }
    } else if (attempt.next().isPresent()) {
      context.getSelf().tell(new TakeFact());
    }
  }

  private Effect<JournaledRun.Recorded, JournaledRun> request(JournaledRun run, Request request) {
    Optional<LifecycleEvent> event;
    try {
      event = run.answer(request.action());
    } catch (RefusedRequestException e) {
      request.replyTo().tell(new RunReply.Refused(e.reason(), String.valueOf(e.getMessage())));
      return idle(run);
    }
    if (event.isPresent()) {
      return persist(event.get(), after -> answer(after, request));
    }
    answer(run, request);
    return idle(run);
  }

  private void answer(JournaledRun run, Request request) {
    Optional<RunAttempt> attempt = attempt(run);
    attempt.ifPresent(present -> present.obey(run.phase()));
    attempt
        .filter(each -> request.action() == RunAction.CHECKPOINT)
        .ifPresent(RunAttempt::checkpoint);
    request.replyTo().tell(current(run));
    if (run.phase() instanceof RunPhase.Deleted) {
      host.attempts().forget(id);
      passivate();
    }
  }

  private Effect<JournaledRun.Recorded, JournaledRun> reply(
      JournaledRun run, Question question, Function<JournaledRun, RunReply> answer) {
    boolean exists = run.phase().state().isPresent();
    question.replyTo().tell(exists ? answer.apply(run) : RunReply.Refused.noSuchRun(run.id()));
    return idle(run);
  }

  private RunReply.Status current(JournaledRun run) {
    return new RunReply.Status(run.status(attempt(run).flatMap(RunAttempt::progress)));
  }

  private Effect<JournaledRun.Recorded, JournaledRun> acknowledge(
      JournaledRun run, Acknowledge message) {
    if (!reporter.acknowledged(run, message)) {
      return Effect().none();
    }
    return stopping && attempt(run).isEmpty() ? Effect().stop() : idle(run);
  }

  /** Passivates an entity that has nothing left to do. */
  private Effect<JournaledRun.Recorded, JournaledRun> idle(JournaledRun run) {
    if (run.ended() && !reporter.isUnanswered()) {
      passivate();
    }
    return Effect().none();
  }

  private void passivate() {
    shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
  }

  private Effect<JournaledRun.Recorded, JournaledRun> stop(JournaledRun run) {
    Optional<RunAttempt> attempt = attempt(run);
    if (attempt.isEmpty() && !reporter.isUnanswered()) {
      return Effect().stop();
    }
    stopping = true;
    if (attempt.isPresent()) {
      attempt.get().pause();
    } else {
      timers.startSingleTimer(Leave.class, new Leave(), LEAVE_LIMIT);
    }
    return Effect().none();
  }

  private Effect<JournaledRun.Recorded, JournaledRun> persist(
      LifecycleEvent event, Consumer<JournaledRun> then) {
    JournaledRun.Recorded recorded =
        new JournaledRun.Recorded(host.clock().instant(), host.writer(), event);
    return persist(
        List.of(recorded),
        after -> {
          LOG.info(
              "a run has changed: run={}, event={}, term={}",
              id,
              event.word(),
              after.course().term());
          then.accept(after);
          wake(after);
        });
  }

  /** The attempt of the run's latest term, if it is on this node. */
  private Optional<RunAttempt> attempt(JournaledRun run) {
    return host.attempts()
        .find(id)
        .filter(attempt -> run.hasAttempt() && attempt.term() == run.course().term());
  }
}
