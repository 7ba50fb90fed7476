package io.espalier.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.espalier.service.RunState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A run that holds room and whose entity has told nothing for long. */
final class SilentRunTest {
  private static final Duration SILENCE = Duration.ofSeconds(30);
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
  void run_withAnAttemptThatTellsNothing_isWoken() {
    // Given
    TestProbe<RunEntity.Command> entity = stage.kit().createTestProbe();
    ActorRef<Scheduler.Command> scheduler =
        stage.scheduler(id -> entity.ref(), SchedulerStage.CLEAN, 10, 2);
    stage.submit(scheduler);
    assertThat(entity.receiveMessage(SchedulerStage.PATIENCE)).isInstanceOf(RunEntity.Create.class);
    String run = stage.runs(scheduler).get(0);
    Scheduler.Reported running =
        SchedulerStage.attempted(
            run, RunState.RUNNING, List.of(new TrainersOnNode("n1", 1)), entity.ref());
    scheduler.tell(running);
    assertThat(entity.receiveMessage(SchedulerStage.PATIENCE))
        .isEqualTo(new RunEntity.Acknowledge(3, List.of()));
    ManualTime time = ManualTime.get(stage.kit().system());

    // When
    time.timePasses(SILENCE);
    scheduler.tell(running);
    assertThat(entity.receiveMessage(SchedulerStage.PATIENCE))
        .isEqualTo(new RunEntity.Acknowledge(3, List.of()));
    time.timePasses(SILENCE);
    stage.runs(scheduler);
    time.timePasses(SILENCE);

    // Then
    assertThat(entity.receiveMessage(SchedulerStage.PATIENCE)).isEqualTo(new RunEntity.Wake());
  }
}
