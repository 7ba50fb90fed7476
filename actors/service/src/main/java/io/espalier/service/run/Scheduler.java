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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers runs, starts those whose turn it is where there is room, and forgets the oldest.
 *
 * <p>What runs hold is never written down: after a start every unfinished run is woken and tells
 * how it stands, and nothing is granted before all have, or ten seconds have passed. One with an
 * attempt that falls silent is woken, where it now is.
 */
public final class Scheduler
    extends EventSourcedBehavior<Scheduler.Command, SchedulerEvent.Noted, SchedulerState> {
  /** The id under which the journal has the scheduler. */
  public static final String PERSISTENCE_ID = "scheduler|1";

  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
  private static final String NO_NODE = "no node has told yet what it has; try again";
  private static final int EVENTS_PER_SNAPSHOT = 100;
  private static final Duration REPEAT = Duration.ofSeconds(3);
  private static final Duration SETTLING_LIMIT = Duration.ofSeconds(10);
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(30);
  private static final Duration DELETION_LIMIT = Duration.ofSeconds(10);
  private static final Duration FENCED_FOR = Duration.ofSeconds(30);
  private static final Duration LONGEST_LOOK = Duration.ofHours(1);
  private static final Duration SHORTEST_BACK_OFF = Duration.ofMillis(200);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(5);

  /** What the scheduler is told. */
  public sealed interface Command extends ServiceMessage {}

  /** What the scheduler is asked. */
  public sealed interface Question extends Command {
    ActorRef<SchedulerReply> replyTo();
  }

  /**
   * Take in a run.
   *
   * @param digest of all that makes the submission what it is
   */
  public record Submit(
      RunSpec spec, Optional<String> key, String digest, ActorRef<SchedulerReply> replyTo)
      implements Question {}

  public record ListRuns(RunQuery query, ActorRef<SchedulerReply> replyTo) implements Question {}

  /** What is known of a run. */
  public record Find(String run, ActorRef<SchedulerReply> replyTo) implements Question {}

  /** Forget an ended run. */
  public record Delete(String run, ActorRef<SchedulerReply> replyTo) implements Question {}

  public record GetOverview(ActorRef<SchedulerReply> replyTo) implements Question {}

  /** A run's entity tells how the run stands. */
  public record Reported(RunStateReport report) implements Command {}

  /** A node offers nothing any more; answered by {@link SchedulerReply.Gone}. */
  public record NodeLeaves(String node, ActorRef<SchedulerReply> replyTo) implements Question {}

  record NodeOffers(NodeOffer offer, ActorRef<NodeReporter.Command> from) implements Command {}

  private record NodesListed(Set<ActorRef<NodeReporter.Command>> agents) implements Command {}

  private record DeletionAnswered(String run, Optional<RunReply> answer) implements Command {}

  private record Cleaned(String run, Optional<String> failure) implements Command {}

  private record Repeat() implements Command {}

  private record Settled() implements Command {}

  private record LookAtAges() implements Command {}

  private record LookAtSilent() implements Command {}

  private record Retry() implements Command {}

  /**
   * What a scheduler works with.
   *
   * @param writer incarnation of the node; no two ever bear the same
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

  /** A run that was given room, and has not told yet that it took it. */
  private record Granted(AttemptGrant grant, long revision) {}

  /** Somebody who waits for a run's entity to have its submission. */
  private record Submitter(ActorRef<SchedulerReply> replyTo, boolean fresh) {}

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Settings settings;
  private final Map<ActorRef<NodeReporter.Command>, NodeOffer> offers = new HashMap<>();
  private final Map<String, RunStateReport> heard = new HashMap<>();
  private final Map<String, Granted> granted = new HashMap<>();
  private final Set<String> unsettled = new HashSet<>();
  private final Set<String> spoke = new HashSet<>();
  private final Map<String, List<Submitter>> submitters = new HashMap<>();
  private final Map<String, List<ActorRef<SchedulerReply>>> deleters = new HashMap<>();
  private Set<ActorRef<NodeReporter.Command>> agents = Set.of();
  private Map<String, String> reasons = Map.of();
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
      public Object toJournal(SchedulerState register) {
        return register.saved();
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
        .forState(register -> fenced)
        .onCommand(
            Retry.class,
            (register, retry) -> {
              throw new IllegalStateException("begins anew, in case that the other has ended");
            })
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
        .onCommand(DeletionAnswered.class, this::deletionAnswered)
        .onCommand(Cleaned.class, this::cleaned)
        .onCommand(Repeat.class, (register, repeat) -> repeat(register))
        .onCommand(Settled.class, (register, settled) -> settled(register))
        .onCommand(LookAtAges.class, (register, look) -> forgetSurplus(register))
        .onCommand(LookAtSilent.class, (register, look) -> wakeSilent(register));
    return handlers.build();
  }

  private void recovered(SchedulerState register) {
    boolean foreign = !register.writer().equals(settings.writer());
    fenced = owner && lastSequence() > knownSequence && foreign;
    knownSequence = lastSequence();
    if (fenced) {
      LOG.warn("another node schedules now: writer={}", register.writer());
      timers.startSingleTimer(Retry.class, new Retry(), FENCED_FOR);
      return;
    }
    granted.clear();
    heard.clear();
    register.forgetting().forEach(this::clean);
    if (!offers.isEmpty()) {
      begin(register);
    }
  }

  /** Has every unfinished run tell how it stands. */
  private void begin(SchedulerState register) {
    unsettled.clear();
    register.oldestFirst().stream().filter(entry -> !entry.state().isEnded()).forEach(this::settle);
    timers.startSingleTimer(Settled.class, new Settled(), SETTLING_LIMIT);
    context.getSelf().tell(new LookAtAges());
    repeatLater();
  }

  private long lastSequence() {
    return lastSequenceNumber(context);
  }

  /** Nothing is granted until the run has told how it stands, or the limit is over. */
  private void settle(ScheduledRun entry) {
    unsettled.add(entry.run());
    timers.startSingleTimer(Settled.class, new Settled(), SETTLING_LIMIT);
    wake(entry);
  }

  private void wake(ScheduledRun entry) {
    RunEntity.Command command =
        entry.revision() == 0 ? new RunEntity.Create(entry.spec()) : new RunEntity.Wake();
    tell(entry.run(), command);
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> refuse(
      SchedulerState register, Command command) {
    if (command instanceof Question question) {
      question
          .replyTo()
          .tell(refusal(Reason.UNAVAILABLE, "the scheduler has moved to another node; try again"));
    }
    return Effect().none();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> submit(
      SchedulerState register, Submit submit) {
    Optional<ScheduledRun> known = submit.key().flatMap(register::ofKey);
    if (known.isPresent()) {
      again(known.get(), submit);
      return Effect().none();
    }
    Optional<SchedulerReply> refusal = refusal(register, submit.spec());
    if (refusal.isPresent()) {
      submit.replyTo().tell(refusal.get());
      return Effect().none();
    }
    SchedulerEvent.Registered registered =
        new SchedulerEvent.Registered(
            register.nextNumber(),
            register.nextId(submit.spec().name(), settings.clock().instant()),
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

  private void again(ScheduledRun known, Submit submit) {
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
      submit.replyTo().tell(new SchedulerReply.Taken(newest(known), false));
    }
  }

  private void awaitEntity(String run, Submitter submitter) {
    submitters.computeIfAbsent(run, id -> new ArrayList<>()).add(submitter);
  }

  private Optional<SchedulerReply> refusal(SchedulerState register, RunSpec spec) {
    if (offers.isEmpty()) {
      return Optional.of(refusal(Reason.UNAVAILABLE, NO_NODE));
    }
    long waiting = waiting(register);
    if (waiting >= settings.mostWaiting()) {
      return Optional.of(
          refusal(
              Reason.FULL,
              "at most %d runs may wait: waiting=%d; wait until some have started, or cancel some"
                  .formatted(settings.mostWaiting(), waiting)));
    }
    return ClusterCapacity.unfit(spec, offers.values()).map(unfit -> unfit);
  }

  private static SchedulerReply.Refused refusal(Reason reason, String message) {
    return new SchedulerReply.Refused(reason, message);
  }

  private static long waiting(SchedulerState register) {
    return register.oldestFirst().stream()
        .filter(entry -> entry.state() == RunState.QUEUED)
        .count();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> list(
      SchedulerState register, ListRuns list) {
    List<RunStatus> all = register.newestFirst().stream().map(this::newest).toList();
    list.replyTo().tell(new SchedulerReply.Listed(RunPager.of(all, list.query())));
    return Effect().none();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> find(SchedulerState register, Find find) {
    find.replyTo()
        .tell(
            register
                .find(find.run())
                .<SchedulerReply>map(entry -> new SchedulerReply.Known(newest(entry)))
                .orElseGet(() -> noSuchRun(find.run())));
    return Effect().none();
  }

  private static SchedulerReply.Refused noSuchRun(String run) {
    return refusal(
        Reason.NO_SUCH_RUN, "a run must exist: run=" + run + "; list the runs to see their ids");
  }

  private RunStatus newest(ScheduledRun entry) {
    RunStatus status =
        Optional.ofNullable(heard.get(entry.run()))
            .map(RunStateReport::status)
            .orElse(entry.status());
    return status.waitingFor(
        status.state() == RunState.QUEUED
            ? Optional.of(reasons.getOrDefault(entry.run(), "starts now"))
            : Optional.empty());
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> overview(
      SchedulerState register, GetOverview get) {
    ClusterCapacity free = booked(register);
    long holding =
        register.oldestFirst().stream().filter(entry -> entry.state().hasAttempt()).count();
    get.replyTo()
        .tell(
            new SchedulerReply.Overview(
                free.use(), (int) waiting(register), (int) holding, register.oldestFirst().size()));
    return Effect().none();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> reported(
      SchedulerState register, Reported reported) {
    RunStateReport report = reported.report();
    String run = report.status().run();
    Optional<ScheduledRun> entry = register.find(run);
    Optional<RunStateReport> before = Optional.ofNullable(heard.get(run));
    boolean outdated = before.map(known -> known.revision() > report.revision()).orElse(false);
    if (entry.isEmpty() || outdated) {
      report.from().tell(new RunEntity.Heard(report.revision()));
      return Effect().none();
    }
    heard.put(run, report);
    unsettled.remove(run);
    spoke.add(run);
    if (report.status().state().hasAttempt() && !timers.isTimerActive(LookAtSilent.class)) {
      timers.startSingleTimer(LookAtSilent.class, new LookAtSilent(), SILENCE_LIMIT);
    }
    boolean answered =
        Optional.ofNullable(granted.get(run))
            .map(
                grant ->
                    report.revision() > grant.revision()
                        || !report.host().equals(grant.grant().node()))
            .orElse(false);
    if (answered) {
      granted.remove(run);
    }
    return isNews(entry.get(), report) ? keep(report) : heardBefore(register, report);
  }

  private static boolean isNews(ScheduledRun entry, RunStateReport report) {
    return entry.revision() == 0
        || entry.state() != report.status().state()
        || entry.status().term() != report.status().term()
        || entry.ahead() != report.ahead();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> keep(RunStateReport report) {
    RunStatus status = report.status();
    return persist(
        new SchedulerEvent.Reported(status.run(), status, report.revision(), report.ahead()),
        register -> {
          report.from().tell(new RunEntity.Heard(report.revision()));
          tellSubmitters(register, status.run());
          plan(register);
          if (status.state().isEnded()) {
            heard.remove(status.run());
            context.getSelf().tell(new LookAtAges());
          }
        });
  }

  private void tellSubmitters(SchedulerState register, String run) {
    Optional.ofNullable(submitters.remove(run))
        .ifPresent(
            waiting -> {
              plan(register);
              RunStatus status = register.find(run).map(this::newest).orElseThrow();
              waiting.forEach(
                  one -> one.replyTo().tell(new SchedulerReply.Taken(status, one.fresh())));
            });
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> heardBefore(
      SchedulerState register, RunStateReport report) {
    report.from().tell(new RunEntity.Heard(report.revision()));
    if (report.status().state() == RunState.QUEUED) {
      plan(register);
    } else if (report.status().state().isEnded()) {
      heard.remove(report.status().run());
    }
    return Effect().none();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> offers(
      SchedulerState register, NodeOffers told) {
    boolean isFirst = offers.isEmpty();
    offers.put(told.from(), told.offer());
    if (isFirst) {
      begin(register);
    }
    plan(register);
    repeatLater();
    return Effect().none();
  }

  /** Runs of a node that has gone are woken elsewhere. */
  private Effect<SchedulerEvent.Noted, SchedulerState> nodes(
      SchedulerState register, NodesListed listed) {
    Set<ActorRef<NodeReporter.Command>> before = Set.copyOf(agents);
    agents = listed.agents();
    Set<String> gone = new HashSet<>();
    offers.forEach(
        (agent, offer) -> {
          if (!agents.contains(agent)) {
            gone.add(offer.node());
          }
        });
    offers.keySet().retainAll(agents);
    listed.agents().stream()
        .filter(agent -> !before.contains(agent))
        .forEach(agent -> agent.tell(new NodeReporter.Introduce(context.getSelf())));
    granted.values().removeIf(grant -> gone.contains(grant.grant().node()));
    if (offers.isEmpty()) {
      // Nobody could take them over; whoever comes next wakes them.
      return Effect().none();
    }
    register.oldestFirst().stream()
        .filter(entry -> !entry.state().isEnded())
        .filter(entry -> host(entry.run()).map(gone::contains).orElse(false))
        .forEach(this::settle);
    plan(register);
    repeatLater();
    return Effect().none();
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> leaves(
      SchedulerState register, NodeLeaves leaves) {
    offers.values().removeIf(offer -> offer.node().equals(leaves.node()));
    granted.values().removeIf(grant -> grant.grant().node().equals(leaves.node()));
    plan(register);
    leaves.replyTo().tell(new SchedulerReply.Gone());
    return Effect().none();
  }

  private Set<String> nodeNames() {
    Set<String> names = new HashSet<>();
    offers.values().forEach(offer -> names.add(offer.node()));
    return names;
  }

  private Optional<String> host(String run) {
    return Optional.ofNullable(heard.get(run)).map(RunStateReport::host);
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> settled(SchedulerState register) {
    unsettled.clear();
    plan(register);
    return Effect().none();
  }

  private void plan(SchedulerState register) {
    List<ScheduledRun> queue =
        register.oldestFirst().stream()
            .filter(entry -> entry.state() == RunState.QUEUED && entry.revision() > 0)
            .filter(entry -> !granted.containsKey(entry.run()))
            .sorted(ScheduledRun.TURN)
            .toList();
    Set<String> nodes = nodeNames();
    if (queue.stream().anyMatch(entry -> isUnanswered(entry, nodes))) {
      repeatLater();
    }
    if (!unsettled.isEmpty()) {
      reasons = new HashMap<>();
      queue.forEach(entry -> reasons.put(entry.run(), "waits until every run has answered"));
      return;
    }
    StartPlan plan = StartPlan.of(booked(register), queue, this::host);
    reasons = plan.reasons();
    plan.grants().forEach(this::grant);
  }

  private void grant(String run, AttemptGrant grant) {
    long revision = Optional.ofNullable(heard.get(run)).map(RunStateReport::revision).orElse(0L);
    Granted given = new Granted(grant, revision);
    granted.put(run, given);
    tell(run, new RunEntity.Start(grant, given.revision()));
    repeatLater();
  }

  /** What is free, with all that runs hold or were given. */
  private ClusterCapacity booked(SchedulerState register) {
    ClusterCapacity free = new ClusterCapacity(offers.values());
    for (ScheduledRun entry : register.oldestFirst()) {
      Optional<AttemptGrant> given =
          Optional.ofNullable(granted.get(entry.run())).map(Granted::grant);
      given.or(() -> held(entry)).ifPresent(grant -> free.take(entry.spec(), grant));
    }
    return free;
  }

  /**
   * What a run's attempt holds; until its entity has told, all is thought beside the coordinator.
   */
  private Optional<AttemptGrant> held(ScheduledRun entry) {
    RunStatus status = entry.status();
    return status
        .node()
        .filter(node -> status.state().hasAttempt())
        .map(
            node ->
                new AttemptGrant(
                    node,
                    Optional.ofNullable(heard.get(entry.run()))
                        .map(RunStateReport::trainers)
                        .filter(trainers -> !trainers.isEmpty())
                        .orElse(List.of(new TrainersOnNode(node, status.trainers()))),
                    status.gateway()));
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> delete(
      SchedulerState register, Delete delete) {
    String run = delete.run();
    if (offers.isEmpty()) {
      delete.replyTo().tell(refusal(Reason.UNAVAILABLE, NO_NODE));
      return Effect().none();
    }
    if (register.find(run).isEmpty() && !register.forgetting().contains(run)) {
      delete.replyTo().tell(noSuchRun(run));
      return Effect().none();
    }
    boolean underWay = deleters.containsKey(run);
    deleters.computeIfAbsent(run, id -> new ArrayList<>()).add(delete.replyTo());
    if (!underWay && register.forgetting().contains(run)) {
      clean(run);
    } else if (!underWay) {
      askDeletion(run);
    }
    return Effect().none();
  }

  private void askDeletion(String run) {
    context.ask(
        RunReply.class,
        entity(run),
        DELETION_LIMIT,
        replyTo -> new RunEntity.Request(RunCommand.DELETE, replyTo),
        (answer, failure) -> new DeletionAnswered(run, Optional.ofNullable(answer)));
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> deletionAnswered(
      SchedulerState register, DeletionAnswered answered) {
    String run = answered.run();
    if (answered.answer().isEmpty()) {
      tellDeleters(
          run, refusal(Reason.UNAVAILABLE, "the run did not answer: run=" + run + "; try again"));
      return Effect().none();
    }
    boolean refused =
        answered.answer().get() instanceof RunReply.Refused no && no.reason() != Reason.NO_SUCH_RUN;
    if (refused) {
      RunReply.Refused no = (RunReply.Refused) answered.answer().get();
      tellDeleters(run, refusal(no.reason(), no.message()));
      return Effect().none();
    }
    return register.find(run).isEmpty()
        ? Effect().none()
        : persist(new SchedulerEvent.Forgetting(run), after -> clean(run));
  }

  private void clean(String run) {
    heard.remove(run);
    deleters.computeIfAbsent(run, id -> new ArrayList<>());
    context.pipeToSelf(
        settings.cleaner().apply(run),
        (done, failure) -> new Cleaned(run, Optional.ofNullable(failure).map(Throwable::toString)));
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> cleaned(
      SchedulerState register, Cleaned cleaned) {
    String run = cleaned.run();
    if (cleaned.failure().isPresent()) {
      String cause = cleaned.failure().get();
      LOG.warn("a deleted run must leave nothing: run={}, cause={}", run, cause);
      tellDeleters(
          run,
          refusal(
              Reason.UNAVAILABLE,
              "files of the run are left: run=%s, cause=%s; delete it again, or start the service anew"
                  .formatted(run, cause)));
      return Effect().none();
    }
    return persist(
        new SchedulerEvent.Forgotten(run), after -> tellDeleters(run, new SchedulerReply.Gone()));
  }

  private void tellDeleters(String run, SchedulerReply reply) {
    Optional.ofNullable(deleters.remove(run))
        .ifPresent(waiting -> waiting.forEach(one -> one.tell(reply)));
  }

  private Effect<SchedulerEvent.Noted, SchedulerState> forgetSurplus(SchedulerState register) {
    if (offers.isEmpty()) {
      return Effect().none();
    }
    List<ScheduledRun> all = List.copyOf(register.oldestFirst());
    settings.retention().surplus(all, settings.clock().instant()).stream()
        .filter(run -> !deleters.containsKey(run))
        .forEach(
            run -> {
              deleters.put(run, new ArrayList<>());
              askDeletion(run);
            });
    settings
        .retention()
        .next(all)
        .ifPresent(
            next -> {
              Duration wait = Duration.between(settings.clock().instant(), next);
              Duration bounded =
                  wait.compareTo(LONGEST_LOOK) > 0
                      ? LONGEST_LOOK
                      : wait.compareTo(REPEAT) < 0 ? REPEAT : wait;
              timers.startSingleTimer(LookAtAges.class, new LookAtAges(), bounded);
            });
    return Effect().none();
  }

  /** Runs only while there are attempts, whose entities tell how far they are every second. */
  private Effect<SchedulerEvent.Noted, SchedulerState> wakeSilent(SchedulerState register) {
    List<ScheduledRun> holding =
        register.oldestFirst().stream().filter(entry -> entry.state().hasAttempt()).toList();
    holding.stream().filter(entry -> !spoke.contains(entry.run())).forEach(this::wake);
    spoke.clear();
    if (!holding.isEmpty()) {
      timers.startSingleTimer(LookAtSilent.class, new LookAtSilent(), SILENCE_LIMIT);
    }
    return Effect().none();
  }

  /** Says again what has not been answered; runs only while there is such. */
  private Effect<SchedulerEvent.Noted, SchedulerState> repeat(SchedulerState register) {
    if (offers.isEmpty()) {
      return Effect().none();
    }
    granted.forEach(
        (run, given) -> tell(run, new RunEntity.Start(given.grant(), given.revision())));
    Set<String> nodes = nodeNames();
    register.oldestFirst().stream()
        .filter(entry -> !entry.state().isEnded())
        .filter(entry -> isUnanswered(entry, nodes))
        .forEach(this::wake);
    if (!granted.isEmpty()
        || register.oldestFirst().stream()
            .anyMatch(entry -> !entry.state().isEnded() && isUnanswered(entry, nodes))) {
      timers.startSingleTimer(Repeat.class, new Repeat(), REPEAT);
    }
    return Effect().none();
  }

  private boolean isUnanswered(ScheduledRun entry, Set<String> nodes) {
    return unsettled.contains(entry.run())
        || entry.revision() == 0
        || !host(entry.run()).map(nodes::contains).orElse(false);
  }

  private void repeatLater() {
    if (!timers.isTimerActive(Repeat.class)) {
      timers.startSingleTimer(Repeat.class, new Repeat(), REPEAT);
    }
  }

  /** Without a node there is no entity that could hear; the first one's offer wakes all. */
  private void tell(String run, RunEntity.Command command) {
    if (!offers.isEmpty()) {
      entity(run).tell(command);
    }
  }

  private RecipientRef<RunEntity.Command> entity(String run) {
    return settings.entities().apply(run);
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
