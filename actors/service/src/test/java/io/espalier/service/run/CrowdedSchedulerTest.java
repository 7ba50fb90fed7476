package io.espalier.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import io.espalier.service.RunStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A scheduler that starts with a long queue. */
final class CrowdedSchedulerTest {
  private static final int RUNS = 300;
  private static final int MOST_AT_ONCE = 50;
  private static SchedulerStage stage;

  private TestProbe<Woken> woken;
  private final Map<String, ActorRef<RunEntity.Command>> entities = new ConcurrentHashMap<>();

  /** Commands that the scheduler sent. */
  private final AtomicInteger told = new AtomicInteger();

  /** A command that reached the entity of a run. */
  private record Woken(String run, RunEntity.Command command) {}

  @BeforeAll
  static void start() {
    stage = SchedulerStage.underManualTime();
  }

  @BeforeEach
  void listen() {
    woken = stage.kit().createTestProbe();
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @Test
  void restart_withALongQueue_asksInBatches_andStartsTheOldestOnceAllHaveAnswered() {
    // Given
    ActorRef<Scheduler.Command> before = scheduler();
    for (int i = 0; i < RUNS; i++) {
      stage.submit(before);
    }
    Map<String, Woken> created = receive(RUNS);
    created.keySet().forEach(run -> before.tell(queued(run, 1)));
    List<String> newestFirst = stage.runs(before);
    stage.kit().stop(before, SchedulerStage.PATIENCE);
    starts();
    told.set(0);

    // When
    ActorRef<Scheduler.Command> after = scheduler();

    // Then
    Set<String> asked = new HashSet<>();
    while (asked.size() < RUNS) {
      Map<String, Woken> batch = receive(Math.min(MOST_AT_ONCE, RUNS - asked.size()));
      stage.runs(after);
      asked.addAll(batch.keySet());
      assertThat(told).hasValue(asked.size());
      batch.keySet().forEach(run -> after.tell(queued(run, 1)));
    }
    assertThat(asked).containsExactlyInAnyOrderElementsOf(newestFirst);
    assertThat(stage.runs(after)).isEqualTo(newestFirst);
    assertThat(starts()).isEqualTo(newestFirst.get(RUNS - 1));
  }

  /** The only run that is started: the node has one trainer. */
  private String starts() {
    Woken next = woken.receiveMessage(SchedulerStage.PATIENCE);
    assertThat(next.command()).isInstanceOf(RunEntity.Start.class);
    return next.run();
  }

  private Map<String, Woken> receive(int count) {
    Map<String, Woken> received = new HashMap<>();
    while (received.size() < count) {
      Woken next = woken.receiveMessage(SchedulerStage.PATIENCE);
      assertThat(received.put(next.run(), next)).isNull();
    }
    return received;
  }

  private ActorRef<RunEntity.Command> entity(String run) {
    return entities.computeIfAbsent(
        run,
        id ->
            stage
                .kit()
                .spawn(
                    Behaviors.receiveMessage(
                        command -> {
                          if (!(command instanceof RunEntity.Acknowledge)) {
                            woken.ref().tell(new Woken(id, command));
                          }
                          return Behaviors.same();
                        })));
  }

  private ActorRef<Scheduler.Command> scheduler() {
    return stage.scheduler(
        run -> {
          told.incrementAndGet();
          return entity(run);
        },
        SchedulerStage.CLEAN,
        RUNS,
        1);
  }

  private Scheduler.Reported queued(String run, long revision) {
    RunSpec sample = SchedulerStage.SAMPLE;
    RunStatus status = RunStatus.queued(run, sample.name(), sample.kind(), sample.request());
    return new Scheduler.Reported(
        status, revision, false, List.of(), "n1", entity(run), Optional.empty(), List.of());
  }
}
