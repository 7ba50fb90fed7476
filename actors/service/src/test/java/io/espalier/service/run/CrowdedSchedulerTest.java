package io.espalier.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A scheduler that starts with a long queue. */
final class CrowdedSchedulerTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int RUNS = 300;
  private static final int MOST_AT_ONCE = 50;
  private static ActorTestKit kit;

  private TestProbe<Woken> woken;
  private final Map<String, ActorRef<RunEntity.Command>> entities = new ConcurrentHashMap<>();

  /** Commands that the scheduler sent. */
  private final AtomicInteger told = new AtomicInteger();

  /** A command that reached the entity of a run. */
  private record Woken(String run, RunEntity.Command command) {}

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

  @BeforeEach
  void listen() {
    woken = kit.createTestProbe();
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void restart_withALongQueue_asksInBatches_andStartsTheOldestOnceAllHaveAnswered() {
    // Given
    ActorRef<Scheduler.Command> before = scheduler();
    for (int i = 0; i < RUNS; i++) {
      submit(before);
    }
    Map<String, Woken> created = receive(RUNS);
    created.keySet().forEach(run -> before.tell(queued(run, 1)));
    List<String> newestFirst = list(before);
    kit.stop(before, PATIENCE);
    starts();
    told.set(0);

    // When
    ActorRef<Scheduler.Command> after = scheduler();

    // Then
    Set<String> asked = new HashSet<>();
    while (asked.size() < RUNS) {
      Map<String, Woken> batch = receive(Math.min(MOST_AT_ONCE, RUNS - asked.size()));
      list(after);
      asked.addAll(batch.keySet());
      assertThat(told).hasValue(asked.size());
      batch.keySet().forEach(run -> after.tell(queued(run, 1)));
    }
    assertThat(asked).containsExactlyInAnyOrderElementsOf(newestFirst);
    assertThat(list(after)).isEqualTo(newestFirst);
    assertThat(starts()).isEqualTo(newestFirst.get(RUNS - 1));
  }

  /** The only run that is started: the node has one trainer. */
  private String starts() {
    Woken next = woken.receiveMessage(PATIENCE);
    assertThat(next.command()).isInstanceOf(RunEntity.Start.class);
    return next.run();
  }

  private Map<String, Woken> receive(int count) {
    Map<String, Woken> received = new HashMap<>();
    while (received.size() < count) {
      Woken next = woken.receiveMessage(PATIENCE);
      assertThat(received.put(next.run(), next)).isNull();
    }
    return received;
  }

  private ActorRef<RunEntity.Command> entity(String run) {
    return entities.computeIfAbsent(
        run,
        id ->
            kit.spawn(
                Behaviors.receiveMessage(
                    command -> {
                      if (!(command instanceof RunEntity.Acknowledge)) {
                        woken.ref().tell(new Woken(id, command));
                      }
                      return Behaviors.same();
                    })));
  }

  private ActorRef<Scheduler.Command> scheduler() {
    TestProbe<NodeReporter.Command> agent = kit.createTestProbe();
    kit.system().receptionist().tell(Receptionist.register(NodeReporter.KEY, agent.ref()));
    ActorRef<Scheduler.Command> scheduler =
        kit.spawn(
            Scheduler.create(
                new Scheduler.Settings(
                    "writer",
                    run -> {
                      told.incrementAndGet();
                      return entity(run);
                    },
                    run -> CompletableFuture.completedFuture(null),
                    new Retention(10, Optional.empty()),
                    RUNS,
                    new NodeMeters(new SimpleMeterRegistry()),
                    Clock.systemUTC())));
    agent.expectMessageClass(NodeReporter.Introduce.class, PATIENCE);
    scheduler.tell(new Scheduler.NodeOffers(NodeOffer.of("n1", 1, 2_048, List.of()), agent.ref()));
    return scheduler;
  }

  private static void submit(ActorRef<Scheduler.Command> scheduler) {
    scheduler.tell(
        new Scheduler.Submit(
            new RunSpec(
                "sample", RunKind.TRAINING, "name = sample", 0, 1, 512, false, Instant.EPOCH),
            Optional.empty(),
            "digest",
            kit.<SchedulerReply>createTestProbe().ref()));
  }

  private static List<String> list(ActorRef<Scheduler.Command> scheduler) {
    TestProbe<SchedulerReply> replies = kit.createTestProbe();
    scheduler.tell(
        new Scheduler.ListRuns(new RunQuery(Set.of(), "", 500, Optional.empty()), replies.ref()));
    return replies.expectMessageClass(SchedulerReply.Listed.class, PATIENCE).page().runs().stream()
        .map(RunStatus::run)
        .toList();
  }

  private Scheduler.Reported queued(String run, long revision) {
    RunStatus status =
        new RunStatus(
            run,
            "sample",
            RunKind.TRAINING,
            RunState.QUEUED,
            0,
            1,
            Instant.EPOCH,
            Instant.EPOCH,
            Optional.empty(),
            0,
            Optional.empty(),
            0,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.empty());
    return new Scheduler.Reported(
        status, revision, false, List.of(), "n1", entity(run), Optional.empty());
  }
}
