package io.espalier.service.run;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.receptionist.Receptionist;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.espalier.service.Quotas;
import io.espalier.service.RunKind;
import io.espalier.service.RunQuery;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.notice.NoticeMeters;
import io.espalier.service.notice.NoticeParts;
import io.espalier.service.notice.NoticeSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Actors of a service without a cluster, with their journal in memory. */
final class SchedulerStage implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(2);
  static final RunSpec SAMPLE =
      new RunSpec("sample", RunKind.TRAINING, "name = sample", 0, 1, 512, false, Instant.EPOCH);
  static final Function<String, CompletionStage<Void>> CLEAN =
      run -> CompletableFuture.completedFuture(null);

  private final ActorTestKit kit;

  private SchedulerStage(Config time) {
    kit =
        ActorTestKit.create(
            ConfigFactory.parseString("akka.persistence.testkit.events.serialize = off")
                .withFallback(time)
                .withFallback(PersistenceTestKitPlugin.config())
                .withFallback(PersistenceTestKitSnapshotPlugin.config())
                .withFallback(ConfigFactory.load()));
  }

  static SchedulerStage underManualTime() {
    return new SchedulerStage(ManualTime.config());
  }

  static SchedulerStage underRealTime() {
    return new SchedulerStage(ConfigFactory.empty());
  }

  ActorTestKit kit() {
    return kit;
  }

  /** Starts a scheduler with a node of {@code trainers}, which it has met. */
  ActorRef<Scheduler.Command> scheduler(
      Function<String, ActorRef<RunEntity.Command>> entities,
      Function<String, CompletionStage<Void>> cleaner,
      int mostRuns,
      int trainers) {
    NoticeMeters meters = new NoticeMeters(new SimpleMeterRegistry(), List.of());
    return scheduler(
        entities,
        cleaner,
        mostRuns,
        trainers,
        NoticeParts.of(NoticeSettings.NONE, meters, text -> text, Clock.systemUTC()));
  }

  ActorRef<Scheduler.Command> scheduler(
      Function<String, ActorRef<RunEntity.Command>> entities,
      Function<String, CompletionStage<Void>> cleaner,
      int mostRuns,
      int trainers,
      NoticeParts notices) {
    TestProbe<NodeReporter.Command> agent = kit.createTestProbe();
    kit.system().receptionist().tell(Receptionist.register(NodeReporter.KEY, agent.ref()));
    ActorRef<Scheduler.Command> scheduler =
        kit.spawn(
            Scheduler.create(
                new SchedulerSettings(
                    "writer",
                    run -> entities.apply(run),
                    cleaner,
                    new Retention(10, Optional.empty()),
                    mostRuns,
                    new NodeMeters(new SimpleMeterRegistry()),
                    notices,
                    Clock.systemUTC())));
    agent.expectMessageClass(NodeReporter.Introduce.class, PATIENCE);
    scheduler.tell(
        new Scheduler.NodeOffers(NodeOffer.of("n1", trainers, 2_048, List.of()), agent.ref()));
    return scheduler;
  }

  void submit(ActorRef<Scheduler.Command> scheduler) {
    scheduler.tell(
        new Scheduler.Submit(
            SAMPLE,
            Optional.empty(),
            "digest",
            Quotas.NONE,
            Optional.empty(),
            kit.<SchedulerReply>createTestProbe().ref()));
  }

  /** Returns the ids of all runs, the newest first; earlier commands have been handled. */
  List<String> runs(ActorRef<Scheduler.Command> scheduler) {
    TestProbe<SchedulerReply> replies = kit.createTestProbe();
    scheduler.tell(
        new Scheduler.ListRuns(new RunQuery(Set.of(), "", 500, Optional.empty()), replies.ref()));
    return replies.expectMessageClass(SchedulerReply.Listed.class, PATIENCE).page().runs().stream()
        .map(RunStatus::run)
        .toList();
  }

  /** The report of a run in its first attempt, which has taken 5 of 100 steps. */
  static Scheduler.Reported attempted(
      String run, RunState state, List<TrainersOnNode> trainers, ActorRef<RunEntity.Command> from) {
    RunStatus status =
        new RunStatus(
            run,
            SAMPLE.name(),
            SAMPLE.kind(),
            RunStatus.Standing.of(state, SAMPLE.submitted()),
            new RunStatus.Request(SAMPLE.priority(), SAMPLE.trainers(), SAMPLE.submitted()),
            new RunStatus.Attempt(1, Optional.of("n1"), Optional.empty()),
            new RunStatus.Reached(
                5,
                OptionalLong.of(100),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty()));
    return new Scheduler.Reported(
        status, 3, false, trainers, "n1", from, Optional.empty(), List.of());
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }
}
