package io.espalier.service.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.EntityContext;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RefusedRequestException.Reason;
import io.espalier.service.ServiceMessage;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run: keeps its events in the journal, starts its attempts on this node, and reports to the
 * scheduler.
 *
 * <p>A write that fails restarts it from the journal, again and again until that is back; the
 * attempt trains on meanwhile, and what it told waits at the {@link AttemptRegistry}. If the
 * journal then holds events that this node did not write, another node owns the run: the attempt is
 * cancelled and the entity stops.
 *
 * <p>Every 20 events a snapshot replaces all before it, so that the journal of a long run does not
 * grow; what users see of these events lies in the snapshot ({@link LifecycleHistory}).
 */
public final class RunEntity
    extends EventSourcedBehavior<RunEntity.Command, JournaledRun.Recorded, JournaledRun> {
  public static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "run");

  private static final Logger LOG = LoggerFactory.getLogger(RunEntity.class);
  private static final int EVENTS_PER_SNAPSHOT = 20;
  private static final Duration REPEAT = Duration.ofSeconds(2);
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);
  private static final Duration SHORTEST_BACK_OFF = Duration.ofMillis(200);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(10);

  /** What an entity is told. */
  public sealed interface Command extends ServiceMessage {}

  /** Begin the run; nothing happens if that has been done. */
  public record Create(RunSpec spec) implements Command {}

  /** Report how the run stands. */
  public record Wake() implements Command {}

  /** Begin an attempt, if nothing has happened since {@code revision}. */
  public record Start(AttemptGrant grant, long revision) implements Command {}

  /** Do what somebody asks; answered by {@link RunReply.Stands} or {@link RunReply.Refused}. */
  public record Request(RunCommand what, ActorRef<RunReply> replyTo) implements Command {}

  /** Answered by {@link RunReply.Stands} or {@link RunReply.Refused}. */
  public record GetStatus(ActorRef<RunReply> replyTo) implements Command {}

  /** Answered by {@link RunReply.Happened} or {@link RunReply.Refused}. */
  public record GetHistory(ActorRef<RunReply> replyTo) implements Command {}

  /** The scheduler has the report of that revision. */
  public record Heard(long revision) implements Command {}

  /** Checkpoint the attempt, and end once the scheduler knows. */
  public record Stop() implements Command {}

  private record Settle() implements Command {}

  private record Spoke() implements Command {}

  private record Repeat() implements Command {}

  private record Leave() implements Command {}

  /**
   * What entities of a node share.
   *
   * @param writer incarnation of the node; no two ever bear the same
   * @param runs directory of the runs' directories
   * @param scheduler hears reports
   */
  public record Host(
      String node,
      String writer,
      Path runs,
      AttemptRegistry desk,
      Consumer<RunStateReport> scheduler,
      Clock clock) {}

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final String id;
  private final Host host;
  private long knownRevision;
  private boolean owner;
  private boolean fenced;
  private boolean stopping;

  public static Behavior<Command> create(EntityContext<Command> entity, Host host) {
    return Behaviors.supervise(
            Behaviors.<Command>setup(
                context ->
                    Behaviors.withTimers(timers -> new RunEntity(context, timers, entity, host))))
        .onFailure(SupervisorStrategy.restartWithBackoff(SHORTEST_BACK_OFF, LONGEST_BACK_OFF, 0.2));
  }

  /** The id under which the journal has a run. */
  public static String persistenceId(String run) {
    return PersistenceId.of(KEY.name(), run).id();
  }

  private RunEntity(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      EntityContext<Command> entity,
      Host host) {
    super(
        PersistenceId.of(KEY.name(), entity.getEntityId()),
        SupervisorStrategy.restartWithBackoff(SHORTEST_BACK_OFF, LONGEST_BACK_OFF, 0.2));
    this.context = context;
    this.timers = timers;
    this.shard = entity.getShard();
    this.id = entity.getEntityId();
    this.host = host;
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
        .onSignal(PostStop.instance(), run -> host.desk().abandon(id))
        .build();
  }

  @Override
  public CommandHandler<Command, JournaledRun.Recorded, JournaledRun> commandHandler() {
    var handlers = newCommandHandlerBuilder();
    handlers.forState(run -> fenced).onAnyCommand(this::refuse);
    handlers
        .forAnyState()
        .onCommand(Create.class, this::create)
        .onCommand(Wake.class, (run, wake) -> wake(run))
        .onCommand(Start.class, this::start)
        .onCommand(Request.class, this::request)
        .onCommand(GetStatus.class, this::status)
        .onCommand(GetHistory.class, this::history)
        .onCommand(Heard.class, this::heard)
        .onCommand(Stop.class, (run, stop) -> stop(run))
        .onCommand(Settle.class, (run, settle) -> settle(run))
        .onCommand(Spoke.class, (run, spoke) -> spoke(run))
        .onCommand(Repeat.class, (run, repeat) -> wake(run))
        .onCommand(Leave.class, (run, leave) -> Effect().stop());
    return handlers.build();
  }

  /**
   * To an entity that has written, events of another writer mean that the run is another node's.
   * One that has not yet is the other: the earlier owner was quicker once more.
   */
  private void recovered(JournaledRun run) {
    boolean foreign = !run.writer().equals(host.writer());
    boolean overtaken = owner && run.revision() > knownRevision && foreign;
    fenced = overtaken || (foreign && host.desk().isLost(id));
    knownRevision = run.revision();
    if (fenced) {
      LOG.warn("another node owns the run now: run={}, writer={}", id, run.writer());
      host.desk().lose(id);
    }
    context.getSelf().tell(new Settle());
  }

  private Effect<JournaledRun.Recorded, JournaledRun> refuse(JournaledRun run, Command command) {
    RunReply.Refused moved =
        new RunReply.Refused(
            Reason.UNAVAILABLE, "a run must be asked at its node: run=" + id + "; try again");
    if (command instanceof Request request) {
      request.replyTo().tell(moved);
    } else if (command instanceof GetStatus status) {
      status.replyTo().tell(moved);
    } else if (command instanceof GetHistory history) {
      history.replyTo().tell(moved);
    }
    return Effect().stop();
  }

  /** Brings events and attempt together after a recovery. */
  private Effect<JournaledRun.Recorded, JournaledRun> settle(JournaledRun run) {
    Optional<AttemptRegistry.Held> attempt = attempt(run);
    if (attempt.isPresent()) {
      obey(run, attempt.get());
      return spoke(run);
    }
    host.desk().abandon(id);
    if (!run.hasAttempt()) {
      return run.ended() ? Effect().none() : wake(run);
    }
    return persist(run.cutOff("the process that it ran in ended"), after -> {});
  }

  private Effect<JournaledRun.Recorded, JournaledRun> create(JournaledRun run, Create create) {
    return run.spec().isPresent()
        ? wake(run)
        : persist(new LifecycleEvent.Submitted(create.spec()), after -> {});
  }

  private Effect<JournaledRun.Recorded, JournaledRun> wake(JournaledRun run) {
    if (run.phase().state().isPresent()) {
      report(run);
    }
    return Effect().none();
  }

  private Effect<JournaledRun.Recorded, JournaledRun> start(JournaledRun run, Start start) {
    if (stopping || host.desk().closing().isPresent()) {
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
            term, host.node(), start.grant().placements(), start.grant().gateway()),
        after -> host.desk().start(order(after), this::nudge));
  }

  private AttemptOrder order(JournaledRun run) {
    LifecycleEvent.Started reign = run.course().reign().orElseThrow();
    return new AttemptOrder(
        id,
        host.runs().resolve(id),
        run.spec().orElseThrow().recipe(),
        reign.term(),
        reign.trainers(),
        reign.gateway());
  }

  /** Called from the attempt's threads. */
  private void nudge() {
    context.getSelf().tell(new Spoke());
  }

  /** Writes the next thing that the attempt told. */
  private Effect<JournaledRun.Recorded, JournaledRun> spoke(JournaledRun run) {
    Optional<AttemptRegistry.Held> attempt = attempt(run);
    Optional<AttemptRegistry.Fact> fact = attempt.flatMap(AttemptRegistry.Held::next);
    if (fact.isEmpty()) {
      return attempt.isPresent() ? wake(run) : Effect().none();
    }
    LifecycleEvent event =
        fact.get().event().orElseGet(() -> ended(run, fact.get().end().orElseThrow()));
    return persist(event, after -> told(after, attempt.get()));
  }

  private LifecycleEvent ended(JournaledRun run, AttemptEnd end) {
    String why =
        host.desk()
            .closing()
            .orElse(stopping ? "its node handed it over" : "it ended without being asked to");
    return run.ended(end, why);
  }

  private void told(JournaledRun run, AttemptRegistry.Held attempt) {
    attempt.taken();
    if (!run.hasAttempt()) {
      host.desk().release(id);
      if (stopping) {
        context.getSelf().tell(new Stop());
      }
    } else if (attempt.next().isPresent()) {
      nudge();
    }
  }

  private Effect<JournaledRun.Recorded, JournaledRun> request(JournaledRun run, Request request) {
    Optional<LifecycleEvent> event;
    try {
      event = run.answer(request.what());
    } catch (RefusedRequestException e) {
      request.replyTo().tell(RunReply.Refused.of(e));
      return idle(run);
    }
    if (event.isPresent()) {
      return persist(event.get(), after -> answer(after, request));
    }
    answer(run, request);
    return idle(run);
  }

  private void answer(JournaledRun run, Request request) {
    Optional<AttemptRegistry.Held> attempt = attempt(run);
    attempt.ifPresent(held -> obey(run, held));
    if (request.what() == RunCommand.CHECKPOINT) {
      attempt.ifPresent(AttemptRegistry.Held::checkpoint);
    }
    request.replyTo().tell(stands(run));
    if (run.phase() instanceof RunPhase.Deleted) {
      passivate();
    }
  }

  private static void obey(JournaledRun run, AttemptRegistry.Held attempt) {
    if (run.phase() instanceof RunPhase.Pausing) {
      attempt.pause();
    } else if (run.phase() instanceof RunPhase.Cancelling) {
      attempt.cancel();
    }
  }

  private Effect<JournaledRun.Recorded, JournaledRun> status(JournaledRun run, GetStatus get) {
    get.replyTo().tell(known(run).orElseGet(() -> stands(run)));
    return idle(run);
  }

  private Effect<JournaledRun.Recorded, JournaledRun> history(JournaledRun run, GetHistory get) {
    get.replyTo().tell(known(run).orElseGet(() -> new RunReply.Happened(run.history().entries())));
    return idle(run);
  }

  /** A refusal if there is no such run. */
  private static Optional<RunReply> known(JournaledRun run) {
    return run.phase().state().isPresent()
        ? Optional.empty()
        : Optional.of(
            new RunReply.Refused(
                Reason.NO_SUCH_RUN,
                "a run must exist: run=" + run.id() + "; list the runs to see their ids"));
  }

  private RunReply.Stands stands(JournaledRun run) {
    return new RunReply.Stands(run.status(attempt(run).flatMap(AttemptRegistry.Held::progress)));
  }

  private Effect<JournaledRun.Recorded, JournaledRun> heard(JournaledRun run, Heard heard) {
    if (heard.revision() < run.revision()) {
      return Effect().none();
    }
    timers.cancel(Repeat.class);
    return stopping && attempt(run).isEmpty() ? Effect().stop() : idle(run);
  }

  /** An entity that has nothing left to do leaves the memory. */
  private Effect<JournaledRun.Recorded, JournaledRun> idle(JournaledRun run) {
    if (run.ended() && !timers.isTimerActive(Repeat.class)) {
      passivate();
    }
    return Effect().none();
  }

  private void passivate() {
    shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
  }

  private Effect<JournaledRun.Recorded, JournaledRun> stop(JournaledRun run) {
    Optional<AttemptRegistry.Held> attempt = attempt(run);
    if (attempt.isEmpty() && !timers.isTimerActive(Repeat.class)) {
      return Effect().stop();
    }
    stopping = true;
    if (attempt.isPresent()) {
      attempt.get().pause();
    } else {
      timers.startSingleTimer(Leave.class, new Leave(), LAST_WORDS);
    }
    return Effect().none();
  }

  private Effect<JournaledRun.Recorded, JournaledRun> persist(
      LifecycleEvent event, Consumer<JournaledRun> then) {
    JournaledRun.Recorded recorded =
        new JournaledRun.Recorded(host.clock().instant(), host.writer(), event);
    return Effect()
        .persist(recorded)
        .thenRun(
            (JournaledRun after) -> {
              owner = true;
              knownRevision = after.revision();
              then.accept(after);
              wake(after);
            });
  }

  private void report(JournaledRun run) {
    host.scheduler()
        .accept(
            new RunStateReport(
                run.status(attempt(run).flatMap(AttemptRegistry.Held::progress)),
                run.revision(),
                run.ahead(),
                run.trainers(),
                host.node(),
                context.getSelf()));
    timers.startSingleTimer(Repeat.class, new Repeat(), REPEAT);
  }

  /** The attempt of the run's latest term, if it is on this node. */
  private Optional<AttemptRegistry.Held> attempt(JournaledRun run) {
    return host.desk()
        .held(id)
        .filter(held -> run.hasAttempt() && held.term() == run.course().term());
  }
}
