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
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A run whose files cannot be removed at the first try. */
final class DeletedAgainTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
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
  void deletion_thatLeftFiles_isDoneWhenAskedAgain() {
    // Given
    AtomicInteger cleanings = new AtomicInteger();
    TestProbe<RunEntity.Command> entity = kit.createTestProbe();
    ActorRef<Scheduler.Command> scheduler =
        scheduler(
            entity,
            run ->
                cleanings.incrementAndGet() == 1
                    ? CompletableFuture.failedFuture(new IOException("a file is open"))
                    : CompletableFuture.completedFuture(null));
    scheduler.tell(
        new Scheduler.Submit(
            new RunSpec(
                "sample", RunKind.TRAINING, "name = sample", 0, 1, 512, false, Instant.EPOCH),
            Optional.empty(),
            "digest",
            kit.<SchedulerReply>createTestProbe().ref()));
    assertThat(entity.receiveMessage(PATIENCE)).isInstanceOf(RunEntity.Create.class);
    String run = id(scheduler);
    Scheduler.Reported ended = ended(run, entity.ref());
    scheduler.tell(ended);
    assertThat(entity.receiveMessage(PATIENCE)).isEqualTo(new RunEntity.Acknowledge(3));
    TestProbe<SchedulerReply> replies = kit.createTestProbe();
    scheduler.tell(new Scheduler.Delete(run, replies.ref()));
    entity
        .expectMessageClass(RunEntity.Request.class, PATIENCE)
        .replyTo()
        .tell(new RunEntity.Status(ended.status()));
    SchedulerReply first = replies.receiveMessage(PATIENCE);

    // When
    scheduler.tell(new Scheduler.Delete(run, replies.ref()));

    // Then
    assertThat(first)
        .isInstanceOfSatisfying(
            SchedulerReply.Refused.class,
            refused -> assertThat(refused.message()).contains("a file is open"));
    assertThat(replies.receiveMessage(PATIENCE)).isEqualTo(new SchedulerReply.Gone());
    assertThat(cleanings).hasValue(2);
  }

  private static ActorRef<Scheduler.Command> scheduler(
      TestProbe<RunEntity.Command> entity, Function<String, CompletionStage<Void>> cleaner) {
    TestProbe<NodeReporter.Command> agent = kit.createTestProbe();
    kit.system().receptionist().tell(Receptionist.register(NodeReporter.KEY, agent.ref()));
    ActorRef<Scheduler.Command> scheduler =
        kit.spawn(
            Scheduler.create(
                new Scheduler.Settings(
                    "writer",
                    run -> entity.ref(),
                    cleaner,
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

  private static Scheduler.Reported ended(String run, ActorRef<RunEntity.Command> entity) {
    RunStatus status =
        new RunStatus(
            run,
            "sample",
            RunKind.TRAINING,
            RunState.COMPLETED,
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
    return new Scheduler.Reported(status, 3, false, List.of(), "n1", entity, Optional.empty());
  }
}
