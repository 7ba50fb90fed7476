package io.espalier.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.receptionist.Receptionist;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import com.typesafe.config.ConfigFactory;
import io.espalier.service.RunKind;
import io.espalier.service.RunQuery;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A run that holds room and whose entity has told nothing for long. */
final class SilentRunTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static ActorTestKit kit;

  @BeforeAll
  static void start() {
    kit =
        ActorTestKit.create(
            ConfigFactory.parseString("akka.persistence.testkit.events.serialize = off")
                .withFallback(ManualTime.config())
                .withFallback(PersistenceTestKitPlugin.config())
                .withFallback(PersistenceTestKitSnapshotPlugin.config())
                .withFallback(ConfigFactory.load()));
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void run_withAnAttemptThatTellsNothing_isWoken() {
    // Given
    TestProbe<RunEntity.Command> entity = kit.createTestProbe();
    ActorRef<Scheduler.Command> scheduler = scheduler(entity);
    scheduler.tell(
        new Scheduler.Submit(
            new RunSpec(
                "sample", RunKind.TRAINING, "name = sample", 0, 1, 512, false, Instant.EPOCH),
            Optional.empty(),
            "digest",
            kit.<SchedulerReply>createTestProbe().ref()));
    assertThat(entity.receiveMessage(PATIENCE)).isInstanceOf(RunEntity.Create.class);
    String run = id(scheduler);
    scheduler.tell(running(run, entity.ref()));
    assertThat(entity.receiveMessage(PATIENCE)).isEqualTo(new RunEntity.Acknowledge(3));
    ManualTime time = ManualTime.get(kit.system());

    // When
    time.timePasses(SILENCE);
    scheduler.tell(running(run, entity.ref()));
    assertThat(entity.receiveMessage(PATIENCE)).isEqualTo(new RunEntity.Acknowledge(3));
    time.timePasses(SILENCE);
    id(scheduler);
    time.timePasses(SILENCE);

    // Then
    assertThat(entity.receiveMessage(PATIENCE)).isEqualTo(new RunEntity.Wake());
  }

  private static ActorRef<Scheduler.Command> scheduler(TestProbe<RunEntity.Command> entity) {
    TestProbe<NodeReporter.Command> agent = kit.createTestProbe();
    kit.system().receptionist().tell(Receptionist.register(NodeReporter.KEY, agent.ref()));
    ActorRef<Scheduler.Command> scheduler =
        kit.spawn(
            Scheduler.create(
                new Scheduler.Settings(
                    "writer",
                    run -> entity.ref(),
                    run -> CompletableFuture.completedFuture(null),
                    new Retention(10, Optional.empty()),
                    10,
                    new NodeMeters(new SimpleMeterRegistry()),
                    Clock.systemUTC())));
    agent.expectMessageClass(NodeReporter.Introduce.class, PATIENCE);
    scheduler.tell(new Scheduler.NodeOffers(NodeOffer.of("n1", 2, 2_048, List.of()), agent.ref()));
    return scheduler;
  }

  /** The id of the only run; whatever was told before has been done. */
  private static String id(ActorRef<Scheduler.Command> scheduler) {
    TestProbe<SchedulerReply> replies = kit.createTestProbe();
    scheduler.tell(new Scheduler.ListRuns(RunQuery.newest(), replies.ref()));
    SchedulerReply.Listed listed =
        replies.expectMessageClass(SchedulerReply.Listed.class, PATIENCE);
    return listed.page().runs().get(0).run();
  }

  private static Scheduler.Reported running(String run, ActorRef<RunEntity.Command> entity) {
    RunStatus status =
        new RunStatus(
            run,
            "sample",
            RunKind.TRAINING,
            RunState.RUNNING,
            0,
            1,
            Instant.EPOCH,
            Instant.EPOCH,
            Optional.empty(),
            1,
            Optional.of("n1"),
            5,
            OptionalLong.of(100),
            OptionalLong.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.empty());
    return new Scheduler.Reported(
        status, 3, false, List.of(new TrainersOnNode("n1", 1)), "n1", entity, Optional.empty());
  }
}
