package io.espalier.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.EntityContext;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import com.typesafe.config.ConfigFactory;
import io.espalier.service.RunKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An entity that is to leave its node, and whose scheduler may not hear. */
final class HandedOverTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static ActorTestKit kit;

  @BeforeAll
  static void start() {
    kit =
        ActorTestKit.create(
            ConfigFactory.parseString("akka.persistence.testkit.events.serialize = off")
                .withFallback(PersistenceTestKitPlugin.config())
                .withFallback(PersistenceTestKitSnapshotPlugin.config())
                .withFallback(ConfigFactory.load()));
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void stop_reportNotHeard_isSaidAgainAndEndsOnceHeard() {
    // Given
    TestProbe<Scheduler.Reported> scheduler = kit.createTestProbe();
    ActorRef<RunEntity.Command> entity = entity("heard", scheduler);
    Scheduler.Reported lost = scheduler.receiveMessage(PATIENCE);

    // When
    entity.tell(new RunEntity.Stop());
    Scheduler.Reported again = scheduler.receiveMessage(PATIENCE);
    entity.tell(new RunEntity.Acknowledge(again.revision()));

    // Then
    assertThat(again.revision()).isEqualTo(lost.revision());
    kit.createTestProbe().expectTerminated(entity, PATIENCE);
  }

  @Test
  void stop_neverHeard_endsAllTheSame() {
    // Given
    TestProbe<Scheduler.Reported> scheduler = kit.createTestProbe();
    ActorRef<RunEntity.Command> entity = entity("unheard", scheduler);
    scheduler.receiveMessage(PATIENCE);

    // When
    entity.tell(new RunEntity.Stop());

    // Then
    kit.createTestProbe().expectTerminated(entity, PATIENCE);
  }

  private static ActorRef<RunEntity.Command> entity(
      String run, TestProbe<Scheduler.Reported> scheduler) {
    TestProbe<ClusterSharding.ShardCommand> shard = kit.createTestProbe();
    AttemptRegistry attempts =
        new AttemptRegistry(
            (order, listener) -> {
              throw new AssertionError("nothing must start: run=" + order.run());
            });
    ActorRef<RunEntity.Command> entity =
        kit.spawn(
            RunEntity.create(
                new EntityContext<>(RunEntity.KEY, run, shard.ref()),
                new RunEntity.Host(
                    "n1",
                    "writer",
                    Path.of("runs"),
                    attempts,
                    scheduler.ref()::tell,
                    new NodeMeters(new SimpleMeterRegistry()),
                    Clock.systemUTC())));
    entity.tell(
        new RunEntity.Create(
            new RunSpec(
                "sample", RunKind.TRAINING, "name = sample", 0, 1, 512, false, Instant.EPOCH)));
    return entity;
  }
}
