package io.espalier.service.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.actor.typed.receptionist.Receptionist;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import io.espalier.service.FullQuota;
import io.espalier.service.Quotas;
import io.espalier.service.RefusedRequestException.Reason;
import io.espalier.service.RunAlert;
import io.espalier.service.RunQuery;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.ServiceMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers runs, starts those whose turn it is where there is room, and deletes the oldest.
 *
 * <p>What runs hold is not in the journal: after a start every unfinished run is woken and reports,
 * and nothing is granted before all have, or ten seconds have passed without a report. A run with
 * an attempt that stays silent is woken, where it now is.
 */
public final class Scheduler
    extends OwnedJournal<Scheduler.Command, SchedulerEvent.Noted, SchedulerState> {
  public static final String PERSISTENCE_ID = "scheduler|1";

  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
  private static final int EVENTS_PER_SNAPSHOT = 100;
  private static final Duration FENCED_FOR = Duration.ofSeconds(30);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(5);

  public sealed interface Command extends ServiceMessage
      permits Question,
          Reported,
          NodeOffers,
          NodesListed,
          RunDeletions.EntityAnswered,
          RunDeletions.Cleaned,
          RunNotices.Settled,
          Tick {}

  public sealed interface Question extends Command {
    ActorRef<SchedulerReply> replyTo();
  }

  /**
   * Registers a run.
   *
   * @param digest of the submission
   * @param quotas that the run counts against
   * @param full a quota that the scheduler cannot count, and leaves no room
   */
  public record Submit(
      RunSpec spec,
      Optional<String> key,
      String digest,
      Quotas quotas,
      Optional<FullQuota> full,
      ActorRef<SchedulerReply> replyTo)
      implements Question {}

  /** Whether an ended run may be unfinished again; answered by {@link SchedulerReply.Known}. */
  public record Reopen(String run, Quotas quotas, ActorRef<SchedulerReply> replyTo)
      implements Question {}

  public record ListRuns(RunQuery query, ActorRef<SchedulerReply> replyTo) implements Question {}

  public record Find(String run, ActorRef<SchedulerReply> replyTo) implements Question {}

  public record Delete(String run, ActorRef<SchedulerReply> replyTo) implements Question {}

  public record GetOverview(ActorRef<SchedulerReply> replyTo) implements Question {}

  /** A node offers nothing any more; answered by {@link SchedulerReply.Gone}. */
  public record NodeLeaves(String node, ActorRef<SchedulerReply> replyTo) implements Question {}

  /**
   * The report of a run's entity; repeated until it is acknowledged.
   *
   * @param revision events of the run so far
   * @param ahead of its priority class
   * @param trainers of its attempt; empty without one
   * @param host node of the entity
   * @param from receives {@link RunEntity.Acknowledge}
   * @param notYet why a queued run must not start before its next report
   * @param alerts that the scheduler has not acknowledged; nodes of earlier versions send none
   */
  public record Reported(
      RunStatus status,
      long revision,
      boolean ahead,
      List<TrainersOnNode> trainers,
      String host,
      ActorRef<RunEntity.Command> from,
      Optional<String> notYet,
      List<RunAlert> alerts)
      implements Command {
    public Reported {
      alerts = alerts == null ? List.of() : List.copyOf(alerts);
    }
  }

  record NodeOffers(NodeOffer offer, ActorRef<NodeReporter.Command> from) implements Command {}

  record NodesListed(Set<ActorRef<NodeReporter.Command>> reporters) implements Command {}

  enum Tick implements Command {
    REPEAT,
    SETTLED,
    CHECK_RETENTION,
    CHECK_SILENCE,
    PLAN,
    RETRY
  }

  private final ActorContext<Command> context;
  private final SchedulerSettings settings;
  private final NodeRegistry nodes = new NodeRegistry();
  private final RunAllocations allocations = new RunAllocations();
  private final RunCommandRetries reminders;
  private final RunSubmissions submissions;
  private final RunDeletions deletions;
  private final RunNotices notices;
  private final NodeChanges changes;
  private final RunReports reports;
  private final RunQueries queries = new RunQueries(allocations, nodes);
  private boolean planDue;

  public static Behavior<Command> create(SchedulerSettings settings) {
    return supervised(
        LONGEST_BACK_OFF, (context, timers) -> new Scheduler(context, timers, settings));
  }

  private Scheduler(
      ActorContext<Command> context, TimerScheduler<Command> timers, SchedulerSettings settings) {
    super(
        context,
        PersistenceId.ofUniqueId(PERSISTENCE_ID),
        settings.writer(),
        settings.meters(),
        LONGEST_BACK_OFF);
    this.context = context;
    this.settings = settings;
    this.reminders = new RunCommandRetries(timers, settings, nodes, allocations);
    this.submissions = new RunSubmissions(settings, nodes, allocations);
    this.deletions = new RunDeletions(context, settings, nodes);
    this.notices = new RunNotices(context, settings.notices());
    this.changes = new NodeChanges(context, nodes, allocations, reminders);
    this.reports = new RunReports(allocations, reminders, notices, submissions, settings.meters());
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
    return SchedulerState.snapshots();
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
        .forState(state -> isLost())
        .onCommand(Tick.class, silently(Scheduler::retry))
        .onAnyCommand(silently(Scheduler::refuse));
    handlers
        .forAnyState()
        .onCommand(Submit.class, this::submit)
        .onCommand(ListRuns.class, answered((state, list) -> queries.list(state, list.query())))
        .onCommand(Find.class, answered((state, find) -> queries.find(state, find.run())))
        .onCommand(Reopen.class, answered(submissions::reopen))
        .onCommand(Delete.class, silently(deletions::delete))
        .onCommand(GetOverview.class, answered((state, get) -> queries.overview(state)))
        .onCommand(Reported.class, this::reported)
        .onCommand(NodeOffers.class, silently(this::offers))
        .onCommand(NodesListed.class, silently(this::nodes))
        .onCommand(NodeLeaves.class, silently(this::leaves))
        .onCommand(RunDeletions.EntityAnswered.class, this::deletionAnswered)
        .onCommand(RunDeletions.Cleaned.class, this::cleaned)
        .onCommand(RunNotices.Settled.class, this::settled)
        .onCommand(Tick.class, silently(this::tick));
    return handlers.build();
  }

  private <C> BiFunction<SchedulerState, C, Effect<SchedulerEvent.Noted, SchedulerState>> silently(
      BiConsumer<SchedulerState, C> handler) {
    return (state, command) -> {
      handler.accept(state, command);
      return Effect().none();
    };
  }

  private <Q extends Question>
      BiFunction<SchedulerState, Q, Effect<SchedulerEvent.Noted, SchedulerState>> answered(
          BiFunction<SchedulerState, Q, SchedulerReply> answer) {
    return silently((state, question) -> question.replyTo().tell(answer.apply(state, question)));
  }

  private void tick(SchedulerState state, Tick tick) {
    switch (tick) {
      case REPEAT -> reminders.repeat(state);
      case SETTLED -> {
        allocations.settleAll();
        plan(state);
      }
      case CHECK_RETENTION -> checkRetention(state);
      case CHECK_SILENCE -> reminders.wakeSilent(state.holding());
      case PLAN -> plan(state);
      case RETRY -> {}
    }
  }

  private void recovered(SchedulerState state) {
    recovered(state.writer(), false);
    if (isLost()) {
      LOG.warn("another node schedules now: writer={}", state.writer());
      notices.end();
      reminders.startTimer(Tick.RETRY, FENCED_FOR);
      return;
    }
    allocations.clear();
    planDue = false;
    state.forgetting().forEach(deletions::clean);
    notices.begin(state);
    changes.recovered(state);
  }

  private static void retry(SchedulerState state, Tick tick) {
    if (tick == Tick.RETRY) {
      throw new IllegalStateException("restarts, in case that the other scheduler has ended");
    }
  }

  private static void refuse(SchedulerState state, Command command) {
    if (command instanceof Question question) {
      question
          .replyTo()
          .tell(
              new SchedulerReply.Refused(
                  Reason.UNAVAILABLE, "the scheduler has moved to another node; try again"));
    }
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> submit(SchedulerState state, Submit submit) {
    return keep(
        submissions.submit(state, submit),
        (after, registered) -> {
          submissions.await(registered.run(), submit.replyTo(), true);
          after.find(registered.run()).ifPresent(reminders::wake);
          reminders.repeatLater();
        });
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> reported(
      SchedulerState state, Reported report) {
    Optional<RunReports.Change> change = reports.take(state, report);
    if (change.isPresent()) {
      return keep(change.get());
    }
    if (report.status().state() == RunState.QUEUED) {
      planSoon();
    }
    return Effect().none();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> keep(RunReports.Change change) {
    return keep(
        change.events(),
        state -> {
          reports.kept(change);
          plan(state);
          reports.planned(state, change);
          if (change.report().status().state().isEnded()) {
            context.getSelf().tell(Tick.CHECK_RETENTION);
          }
        });
  }

  private void offers(SchedulerState state, NodeOffers message) {
    changes.offered(state, message);
    plan(state);
  }

  private void nodes(SchedulerState state, NodesListed listed) {
    if (changes.listed(state, listed)) {
      plan(state);
    }
  }

  private void leaves(SchedulerState state, NodeLeaves leaves) {
    changes.left(leaves);
    plan(state);
    leaves.replyTo().tell(new SchedulerReply.Gone());
  }

  /** Once for all reports that are waiting. */
  private void planSoon() {
    if (!planDue) {
      planDue = true;
      context.getSelf().tell(Tick.PLAN);
    }
  }

  private void plan(SchedulerState state) {
    planDue = false;
    reminders.repeatLaterIfUnanswered(allocations.queue(state));
    reminders.start(allocations.plan(state, nodes));
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> deletionAnswered(
      SchedulerState state, RunDeletions.EntityAnswered answered) {
    return keep(
        deletions.answered(state, answered),
        (after, event) -> {
          allocations.forgetReport(answered.run());
          deletions.clean(answered.run());
        });
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> cleaned(
      SchedulerState state, RunDeletions.Cleaned cleaned) {
    return keep(deletions.cleaned(cleaned), (after, event) -> deletions.done(cleaned.run()));
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> settled(
      SchedulerState state, RunNotices.Settled settled) {
    return keep(notices.settled(state, settled), (after, event) -> {});
  }

  private void checkRetention(SchedulerState state) {
    deletions
        .deleteSurplus(state)
        .ifPresent(wait -> reminders.startTimer(Tick.CHECK_RETENTION, wait));
  }

  private <T extends SchedulerEvent> Effect<SchedulerEvent.Noted, SchedulerState> keep(
      Optional<T> event, BiConsumer<SchedulerState, T> then) {
    return event
        .map(known -> keep(List.of(known), after -> then.accept(after, known)))
        .orElseGet(() -> Effect().none());
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> keep(
      List<SchedulerEvent> events, Consumer<SchedulerState> then) {
    return persist(
        events.stream().map(event -> new SchedulerEvent.Noted(settings.writer(), event)).toList(),
        then);
  }
}
