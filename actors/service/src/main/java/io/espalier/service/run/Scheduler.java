package io.espalier.service.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.RecipientRef;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.actor.typed.receptionist.Receptionist;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import io.espalier.service.RefusedRequestException.Reason;
import io.espalier.service.RunQuery;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.ServiceMessage;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers runs, starts those whose turn it is where there is room, and deletes the oldest.
 *
 * <p>What runs hold is not in the journal: after a start every unfinished run is woken and reports,
 * and nothing is granted before all have, or ten seconds have passed. A run with an attempt that
 * stays silent is woken, where it now is.
 */
public final class Scheduler
    extends EventSourcedBehavior<Scheduler.Command, SchedulerEvent.Noted, SchedulerState> {
  public static final String PERSISTENCE_ID = "scheduler|1";

  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
  private static final String NO_NODE = "no node has reported yet what it offers; try again";
  private static final int EVENTS_PER_SNAPSHOT = 100;
  private static final Duration REPEAT = Duration.ofSeconds(3);
  private static final Duration SETTLING_LIMIT = Duration.ofSeconds(10);
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(30);
  private static final Duration FENCED_FOR = Duration.ofSeconds(30);
  private static final Duration SHORTEST_BACK_OFF = Duration.ofMillis(200);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(5);

  public sealed interface Command extends ServiceMessage
      permits Question,
          Reported,
          NodeOffers,
          NodesListed,
          RunDeletions.EntityAnswered,
          RunDeletions.Cleaned,
          Tick {}

  /** A command with a reply. */
  public sealed interface Question extends Command {
    ActorRef<SchedulerReply> replyTo();
  }

  /**
   * Register a run.
   *
   * @param digest of the submission
   */
  public record Submit(
      RunSpec spec, Optional<String> key, String digest, ActorRef<SchedulerReply> replyTo)
      implements Question {}

  public record ListRuns(RunQuery query, ActorRef<SchedulerReply> replyTo) implements Question {}

  public record Find(String run, ActorRef<SchedulerReply> replyTo) implements Question {}

  /** Delete an ended run. */
  public record Delete(String run, ActorRef<SchedulerReply> replyTo) implements Question {}

  public record GetOverview(ActorRef<SchedulerReply> replyTo) implements Question {}

  /** A node offers nothing any more; answered by {@link SchedulerReply.Gone}. */
  public record NodeLeaves(String node, ActorRef<SchedulerReply> replyTo) implements Question {}

  /**
   * The report of a run's entity; repeated until it is acknowledged.
   *
   * @param revision events of the run so far
   * @param ahead whether it goes ahead of its priority class
   * @param trainers of its attempt; empty without one
   * @param host node of the entity
   * @param from receives {@link RunEntity.Acknowledge}
   */
  public record Reported(
      RunStatus status,
      long revision,
      boolean ahead,
      List<TrainersOnNode> trainers,
      String host,
      ActorRef<RunEntity.Command> from)
      implements Command {}

  record NodeOffers(NodeOffer offer, ActorRef<NodeReporter.Command> from) implements Command {}

  record NodesListed(Set<ActorRef<NodeReporter.Command>> reporters) implements Command {}

  enum Tick implements Command {
    REPEAT,
    SETTLED,
    CHECK_RETENTION,
    CHECK_SILENCE,
    RETRY
  }

  /**
   * @param writer incarnation of the node; never reused
   * @param entities the entity of each run
   * @param cleaner deletes the files and the rows of a run
   * @param mostWaiting runs that the queue takes
   */
  public record Settings(
      String writer,
      Function<String, RecipientRef<RunEntity.Command>> entities,
      Function<String, CompletionStage<Void>> cleaner,
      Retention retention,
      int mostWaiting,
      Clock clock) {}

  /** A submission whose reply waits for the run's entity. */
  private record Submitter(ActorRef<SchedulerReply> replyTo, boolean fresh) {}

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Settings settings;
  private final NodeRegistry nodes = new NodeRegistry();
  private final RunAllocations allocations = new RunAllocations();
  private final RunDeletions deletions;
  private final Map<String, List<Submitter>> submitters = new HashMap<>();
  private long knownSequence;
  private boolean owner;
  private boolean fenced;

  public static Behavior<Command> create(Settings settings) {
    return Behaviors.supervise(
            Behaviors.<Command>setup(
                context ->
                    Behaviors.withTimers(timers -> new Scheduler(context, timers, settings))))
        .onFailure(SupervisorStrategy.restartWithBackoff(SHORTEST_BACK_OFF, LONGEST_BACK_OFF, 0.2));
  }

  private Scheduler(
      ActorContext<Command> context, TimerScheduler<Command> timers, Settings settings) {
    super(
        PersistenceId.ofUniqueId(PERSISTENCE_ID),
        SupervisorStrategy.restartWithBackoff(SHORTEST_BACK_OFF, LONGEST_BACK_OFF, 0.2));
    this.context = context;
    this.timers = timers;
    this.settings = settings;
    this.deletions = new RunDeletions(context, settings);
    context
        .getSystem()
        .receptionist()
        .tell(
            Receptionist.subscribe(
                NodeReporter.KEY,
                context.messageAdapter(
                    Receptionist.Listing.class,
                    listing -> new NodesListed(listing.getServiceInstances(NodeReporter.KEY)))));
  }

  @Override
  public SchedulerState emptyState() {
    return new SchedulerState();
  }

  @Override
  public EventHandler<SchedulerState, SchedulerEvent.Noted> eventHandler() {
    return SchedulerState::after;
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(EVENTS_PER_SNAPSHOT, 1).withDeleteEventsOnSnapshot();
  }

  @Override
  public SnapshotAdapter<SchedulerState> snapshotAdapter() {
    return new SnapshotAdapter<>() {
      @Override
      public Object toJournal(SchedulerState state) {
        return state.saved();
      }

      @Override
      public SchedulerState fromJournal(Object from) {
        return SchedulerState.of((SchedulerState.Saved) from);
      }
    };
  }

  @Override
  public SignalHandler<SchedulerState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::recovered)
        .build();
  }

  @Override
  public CommandHandler<Command, SchedulerEvent.Noted, SchedulerState> commandHandler() {
    var handlers = newCommandHandlerBuilder();
    handlers
        .forState(state -> fenced)
        .onCommand(Tick.class, this::retry)
        .onAnyCommand(this::refuse);
    handlers
        .forAnyState()
        .onCommand(Submit.class, this::submit)
        .onCommand(ListRuns.class, this::list)
        .onCommand(Find.class, this::find)
        .onCommand(Delete.class, this::delete)
        .onCommand(GetOverview.class, this::overview)
        .onCommand(Reported.class, this::reported)
        .onCommand(NodeOffers.class, this::offers)
        .onCommand(NodesListed.class, this::nodes)
        .onCommand(NodeLeaves.class, this::leaves)
        .onCommand(RunDeletions.EntityAnswered.class, this::deletionAnswered)
        .onCommand(RunDeletions.Cleaned.class, this::cleaned)
        .onCommand(Tick.class, this::tick);
    return handlers.build();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> tick(SchedulerState state, Tick tick) {
    switch (tick) {
      case REPEAT -> repeat(state);
      case SETTLED -> {
        allocations.settleAll();
        plan(state);
      }
      case CHECK_RETENTION -> checkRetention(state);
      case CHECK_SILENCE -> wakeSilent(state);
      case RETRY -> {}
    }
    return Effect().none();
  }

  private void startTimer(Tick tick, Duration delay) {
    timers.startSingleTimer(tick, tick, delay);
  }

  private void recovered(SchedulerState state) {
    boolean foreign = !state.writer().equals(settings.writer());
    fenced = owner && lastSequence() > knownSequence && foreign;
    knownSequence = lastSequence();
    if (fenced) {
      LOG.warn("another node schedules now: writer={}", state.writer());
      startTimer(Tick.RETRY, FENCED_FOR);
      return;
    }
    allocations.clear();
    state.forgetting().forEach(deletions::clean);
    if (!nodes.isEmpty()) {
      begin(state);
    }
  }

  /** Requests a report of every unfinished run. */
  private void begin(SchedulerState state) {
    allocations.settleAll();
    unfinished(state).forEach(this::settle);
    startTimer(Tick.SETTLED, SETTLING_LIMIT);
    context.getSelf().tell(Tick.CHECK_RETENTION);
    repeatLater();
  }

  private static Stream<ScheduledRun> unfinished(SchedulerState state) {
    return state.oldestFirst().stream().filter(entry -> !entry.state().isEnded());
  }

  private long lastSequence() {
    return lastSequenceNumber(context);
  }

  private void settle(ScheduledRun entry) {
    allocations.awaitReport(entry.run());
    startTimer(Tick.SETTLED, SETTLING_LIMIT);
    wake(entry);
  }

  private void wake(ScheduledRun entry) {
    tell(
        entry.run(),
        entry.revision() == 0 ? new RunEntity.Create(entry.spec()) : new RunEntity.Wake());
  }

  /** Restarts the scheduler, in case that the other one has ended. */
  private Effect<SchedulerEvent.Noted, SchedulerState> retry(SchedulerState state, Tick tick) {
    if (tick == Tick.RETRY) {
      throw new IllegalStateException("restarts, in case that the other scheduler has ended");
    }
    return Effect().none();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> refuse(
      SchedulerState state, Command command) {
    if (command instanceof Question question) {
      question
          .replyTo()
          .tell(refusal(Reason.UNAVAILABLE, "the scheduler has moved to another node; try again"));
    }
    return Effect().none();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> submit(SchedulerState state, Submit submit) {
    Optional<ScheduledRun> known = submit.key().flatMap(state::ofKey);
    if (known.isPresent()) {
      submitAgain(known.get(), submit);
      return Effect().none();
    }
    Optional<SchedulerReply> refusal = refusal(state, submit.spec());
    if (refusal.isPresent()) {
      submit.replyTo().tell(refusal.get());
      return Effect().none();
    }
    SchedulerEvent.Registered registered =
        new SchedulerEvent.Registered(
            state.nextNumber(),
            state.nextId(submit.spec().name(), settings.clock().instant()),
            submit.spec(),
            submit.key(),
            submit.digest());
    return persist(
        registered,
        after -> {
          awaitEntity(registered.run(), new Submitter(submit.replyTo(), true));
          after.find(registered.run()).ifPresent(this::wake);
          repeatLater();
        });
  }

  private void submitAgain(ScheduledRun known, Submit submit) {
    if (!known.digest().equals(submit.digest())) {
      submit
          .replyTo()
          .tell(
              refusal(
                  Reason.KEY_IN_USE,
                  "an idempotency key belongs to one submission: key=%s is that of run=%s, which was submitted otherwise; use another key"
                      .formatted(submit.key().orElse(""), known.run())));
    } else if (known.revision() == 0) {
      awaitEntity(known.run(), new Submitter(submit.replyTo(), false));
    } else {
      submit.replyTo().tell(new SchedulerReply.Taken(allocations.status(known), false));
    }
  }

  private void awaitEntity(String run, Submitter submitter) {
    submitters.computeIfAbsent(run, id -> new ArrayList<>()).add(submitter);
  }

  private Optional<SchedulerReply> refusal(SchedulerState state, RunSpec spec) {
    if (nodes.isEmpty()) {
      return Optional.of(refusal(Reason.UNAVAILABLE, NO_NODE));
    }
    long waiting = waiting(state);
    if (waiting >= settings.mostWaiting()) {
      return Optional.of(
          refusal(
              Reason.FULL,
              "at most %d runs may wait: waiting=%d; wait until some have started, or cancel some"
                  .formatted(settings.mostWaiting(), waiting)));
    }
    return ClusterCapacity.unfit(spec, nodes.offers()).map(unfit -> unfit);
  }

  private static SchedulerReply.Refused refusal(Reason reason, String message) {
    return new SchedulerReply.Refused(reason, message);
  }

  private static long waiting(SchedulerState state) {
    return state.oldestFirst().stream().filter(entry -> entry.state() == RunState.QUEUED).count();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> list(SchedulerState state, ListRuns list) {
    List<RunStatus> all = state.newestFirst().stream().map(allocations::status).toList();
    list.replyTo().tell(new SchedulerReply.Listed(RunPager.of(all, list.query())));
    return Effect().none();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> find(SchedulerState state, Find find) {
    find.replyTo()
        .tell(
            state
                .find(find.run())
                .<SchedulerReply>map(entry -> new SchedulerReply.Known(allocations.status(entry)))
                .orElseGet(() -> SchedulerReply.Refused.noSuchRun(find.run())));
    return Effect().none();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> overview(
      SchedulerState state, GetOverview get) {
    long holding = state.oldestFirst().stream().filter(entry -> entry.state().hasAttempt()).count();
    get.replyTo()
        .tell(
            new SchedulerReply.Overview(
                allocations.capacity(state, nodes).use(),
                (int) waiting(state),
                (int) holding,
                state.oldestFirst().size()));
    return Effect().none();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> reported(
      SchedulerState state, Reported report) {
    Optional<ScheduledRun> entry = state.find(report.status().run());
    if (entry.isEmpty() || allocations.isOutdated(report)) {
      acknowledge(report);
      return Effect().none();
    }
    allocations.accept(report);
    if (report.status().state().hasAttempt() && !timers.isTimerActive(Tick.CHECK_SILENCE)) {
      startTimer(Tick.CHECK_SILENCE, SILENCE_LIMIT);
    }
    if (isNews(entry.get(), report)) {
      return keep(report);
    }
    acknowledge(report);
    if (report.status().state() == RunState.QUEUED) {
      plan(state);
    } else if (report.status().state().isEnded()) {
      allocations.forgetReport(report.status().run());
    }
    return Effect().none();
  }

  private static void acknowledge(Reported report) {
    report.from().tell(new RunEntity.Acknowledge(report.revision()));
  }

  private static boolean isNews(ScheduledRun entry, Reported report) {
    return entry.revision() == 0
        || entry.state() != report.status().state()
        || entry.status().term() != report.status().term()
        || entry.ahead() != report.ahead();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> keep(Reported report) {
    RunStatus status = report.status();
    return persist(
        new SchedulerEvent.Reported(status.run(), status, report.revision(), report.ahead()),
        state -> {
          acknowledge(report);
          replyToSubmitters(state, status.run());
          plan(state);
          if (status.state().isEnded()) {
            allocations.forgetReport(status.run());
            context.getSelf().tell(Tick.CHECK_RETENTION);
          }
        });
  }

  private void replyToSubmitters(SchedulerState state, String run) {
    Optional.ofNullable(submitters.remove(run))
        .ifPresent(
            waiting -> {
              plan(state);
              RunStatus status = state.find(run).map(allocations::status).orElseThrow();
              waiting.forEach(
                  one -> one.replyTo().tell(new SchedulerReply.Taken(status, one.fresh())));
            });
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> offers(
      SchedulerState state, NodeOffers message) {
    boolean first = nodes.isEmpty();
    nodes.add(message.from(), message.offer());
    if (first) {
      begin(state);
    }
    plan(state);
    repeatLater();
    return Effect().none();
  }

  /** Wakes the runs of a node that is gone elsewhere. */
  private Effect<SchedulerEvent.Noted, SchedulerState> nodes(
      SchedulerState state, NodesListed listed) {
    Set<String> gone = nodes.update(listed.reporters(), context.getSelf());
    allocations.revokeGrants(gone);
    if (nodes.isEmpty()) {
      // No node can take them over; the first one that comes wakes them.
      return Effect().none();
    }
    unfinished(state)
        .filter(entry -> allocations.host(entry.run()).map(gone::contains).orElse(false))
        .forEach(this::settle);
    plan(state);
    repeatLater();
    return Effect().none();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> leaves(
      SchedulerState state, NodeLeaves leaves) {
    nodes.remove(leaves.node());
    allocations.revokeGrants(Set.of(leaves.node()));
    plan(state);
    leaves.replyTo().tell(new SchedulerReply.Gone());
    return Effect().none();
  }

  private void plan(SchedulerState state) {
    Set<String> names = nodes.names();
    if (allocations.queue(state).stream()
        .anyMatch(entry -> allocations.isUnanswered(entry, names))) {
      repeatLater();
    }
    Map<String, RunEntity.Start> starts = allocations.plan(state, nodes);
    starts.forEach(this::tell);
    if (!starts.isEmpty()) {
      repeatLater();
    }
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> delete(SchedulerState state, Delete delete) {
    if (nodes.isEmpty()) {
      delete.replyTo().tell(refusal(Reason.UNAVAILABLE, NO_NODE));
    } else {
      deletions.delete(state, delete);
    }
    return Effect().none();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> deletionAnswered(
      SchedulerState state, RunDeletions.EntityAnswered answered) {
    return deletions
        .answered(state, answered)
        .map(
            event ->
                persist(
                    event,
                    after -> {
                      allocations.forgetReport(answered.run());
                      deletions.clean(answered.run());
                    }))
        .orElseGet(() -> Effect().none());
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> cleaned(
      SchedulerState state, RunDeletions.Cleaned cleaned) {
    return deletions
        .cleaned(cleaned)
        .map(event -> persist(event, after -> deletions.done(cleaned.run())))
        .orElseGet(() -> Effect().none());
  }

  private void checkRetention(SchedulerState state) {
    if (!nodes.isEmpty()) {
      deletions
          .deleteSurplus(state)
          .ifPresent(wait -> startTimer(Tick.CHECK_RETENTION, wait));
    }
  }

  /** Active only while there are attempts, whose entities report every second. */
  private void wakeSilent(SchedulerState state) {
    List<ScheduledRun> holding =
        state.oldestFirst().stream().filter(entry -> entry.state().hasAttempt()).toList();
    Set<String> active = allocations.takeActive();
    holding.stream().filter(entry -> !active.contains(entry.run())).forEach(this::wake);
    if (!holding.isEmpty()) {
      startTimer(Tick.CHECK_SILENCE, SILENCE_LIMIT);
    }
  }

  /** Repeats unanswered messages; active only while there are any. */
  private void repeat(SchedulerState state) {
    if (nodes.isEmpty()) {
      return;
    }
    Map<String, RunEntity.Start> starts = allocations.unansweredStarts();
    starts.forEach(this::tell);
    Set<String> names = nodes.names();
    List<ScheduledRun> unanswered =
        unfinished(state).filter(entry -> allocations.isUnanswered(entry, names)).toList();
    unanswered.forEach(this::wake);
    if (!starts.isEmpty() || !unanswered.isEmpty()) {
      startTimer(Tick.REPEAT, REPEAT);
    }
  }

  private void repeatLater() {
    if (!timers.isTimerActive(Tick.REPEAT)) {
      startTimer(Tick.REPEAT, REPEAT);
    }
  }

  /** Without a node there is no entity to receive it; the first node's offer wakes all. */
  private void tell(String run, RunEntity.Command command) {
    if (!nodes.isEmpty()) {
      settings.entities().apply(run).tell(command);
    }
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> persist(
      SchedulerEvent event, Consumer<SchedulerState> then) {
    return Effect()
        .persist(new SchedulerEvent.Noted(settings.writer(), event))
        .thenRun(
            (SchedulerState after) -> {
              owner = true;
              knownSequence = lastSequence();
              then.accept(after);
            });
  }
}
