package io.espalier.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.EntityContext;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An entity that is to leave its node, and whose scheduler may not hear. */
final class HandedOverTest {
  private static SchedulerStage stage;

  @BeforeAll
  static void start() {
    stage = SchedulerStage.underRealTime();
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @Test
  void stop_reportNotHeard_isSaidAgainAndEndsOnceHeard() {
    // Given
    TestProbe<Scheduler.Reported> scheduler = stage.kit().createTestProbe();
    ActorRef<RunEntity.Command> entity = entity("heard", scheduler);
    Scheduler.Reported lost = scheduler.receiveMessage(SchedulerStage.PATIENCE);

    // When
    entity.tell(new RunEntity.Stop());
    Scheduler.Reported again = scheduler.receiveMessage(SchedulerStage.PATIENCE);
    entity.tell(RunEntity.Acknowledge.of(again));

    // Then
    assertThat(again.revision()).isEqualTo(lost.revision());
    stage.kit().createTestProbe().expectTerminated(entity, SchedulerStage.PATIENCE);
  }

  @Test
  void stop_neverHeard_endsAllTheSame() {
    // Given
    TestProbe<Scheduler.Reported> scheduler = stage.kit().createTestProbe();
    ActorRef<RunEntity.Command> entity = entity("unheard", scheduler);
    scheduler.receiveMessage(SchedulerStage.PATIENCE);

    // When
    entity.tell(new RunEntity.Stop());

    // Then
    stage.kit().createTestProbe().expectTerminated(entity, SchedulerStage.PATIENCE);
  }

  private static ActorRef<RunEntity.Command> entity(
      String run, TestProbe<Scheduler.Reported> scheduler) {
    TestProbe<ClusterSharding.ShardCommand> shard = stage.kit().createTestProbe();
    AttemptRegistry attempts =
        new AttemptRegistry(
            (order, listener) -> {
              throw new AssertionError("nothing must start: run=" + order.run());
            });
    ActorRef<RunEntity.Command> entity =
        stage
            .kit()
            .spawn(
                RunEntity.create(
                    new EntityContext<>(RunEntity.KEY, run, shard.ref()),
                    new RunHost(
                        "n1",
                        "writer",
                        Path.of("runs"),
                        attempts,
                        scheduler.ref()::tell,
                        new NodeMeters(new SimpleMeterRegistry()),
                        Clock.systemUTC())));
    entity.tell(new RunEntity.Create(SchedulerStage.SAMPLE));
    return entity;
  }
}
