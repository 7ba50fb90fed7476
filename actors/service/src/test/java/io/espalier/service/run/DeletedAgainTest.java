package io.espalier.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.espalier.service.RunState;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A run whose files cannot be removed at the first try. */
final class DeletedAgainTest {
  private static SchedulerStage stage;

  @BeforeAll
  static void start() {
    stage = SchedulerStage.underManualTime();
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @Test
  void deletion_thatLeftFiles_isDoneWhenAskedAgain() {
    // Given
    AtomicInteger cleanings = new AtomicInteger();
    TestProbe<RunEntity.Command> entity = stage.kit().createTestProbe();
    ActorRef<Scheduler.Command> scheduler =
        stage.scheduler(
            run -> entity.ref(),
            run ->
                cleanings.incrementAndGet() == 1
                    ? CompletableFuture.failedFuture(new IOException("a file is open"))
                    : CompletableFuture.completedFuture(null),
            10,
            2);
    stage.submit(scheduler);
    assertThat(entity.receiveMessage(SchedulerStage.PATIENCE)).isInstanceOf(RunEntity.Create.class);
    String run = stage.runs(scheduler).get(0);
    Scheduler.Reported ended =
        SchedulerStage.attempted(run, RunState.FINISHED, List.of(), entity.ref());
    scheduler.tell(ended);
    assertThat(entity.receiveMessage(SchedulerStage.PATIENCE))
        .isEqualTo(new RunEntity.Acknowledge(3, List.of()));
    TestProbe<SchedulerReply> replies = stage.kit().createTestProbe();
    scheduler.tell(new Scheduler.Delete(run, replies.ref()));
    entity
        .expectMessageClass(RunEntity.Request.class, SchedulerStage.PATIENCE)
        .replyTo()
        .tell(new RunReply.Status(ended.status()));
    SchedulerReply first = replies.receiveMessage(SchedulerStage.PATIENCE);

    // When
    scheduler.tell(new Scheduler.Delete(run, replies.ref()));

    // Then
    assertThat(first)
        .isInstanceOfSatisfying(
            SchedulerReply.Refused.class,
            refused -> assertThat(refused.message()).contains("a file is open"));
    assertThat(replies.receiveMessage(SchedulerStage.PATIENCE))
        .isEqualTo(new SchedulerReply.Gone());
    assertThat(cleanings).hasValue(2);
  }
}
