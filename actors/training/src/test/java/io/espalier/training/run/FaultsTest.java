package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.fault.CrashPoint;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.event.TrainingEvent;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What fails inside of a run: it goes on to the same bits, or ends with its cause. */
@Tag("slow")
class FaultsTest {
  private static final double SHORTEST_BACKOFF_SECONDS = 0.2;

  private static EmbeddedBroker broker;

  @TempDir private static Path shared;
  @TempDir private Path directory;
  private final List<Event> events = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(shared.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @AfterEach
  void disarm() {
    CrashPoint.disarm();
  }

  private DigitsRun run(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "train.trainers=2",
                "train.checkpoint-every=10",
                "prune.mask={kind=annealed,over=15%}",
                "prune.schedule={kind=cubic,begin=10%,end=50%,updates=6}"));
    all.addAll(List.of(overrides));
    return DigitsRun.of(directory, all.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 57})
  void trainerThrows_inMidInterval_othersWaitAndTheBitsAreTheSame(int time) throws IOException {
    DigitsRun run = run();

    RunResult result = execute(run, CrashPoint.WHILE_STEPPING, time, FaultsTest::fail);

    assertSameBits(run, result);
    HostEvent.TrainerFailed failed = only(HostEvent.TrainerFailed.class);
    assertThat(failed.cause()).contains("injected");
    assertThat(only(HostEvent.TrainerRestarted.class).incarnation())
        .isEqualTo(failed.incarnation() + 1);
    assertThat(only(HostEvent.TrainerRestarted.class).trainer()).isEqualTo(failed.trainer());
    assertThat(only(HostEvent.AlertRaised.class).kind())
        .isEqualTo(HostEvent.AlertRaised.DEAD_TRAINER);
    assertThat(only(HostEvent.AlertCleared.class).text()).contains("all trainers are back");
    assertOneSyncWaited();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 9, 24})
  void trainerThrows_whileApplying_isBroughtLevelAndTheBitsAreTheSame(int time) throws IOException {
    DigitsRun run = run();

    RunResult result = execute(run, CrashPoint.WHILE_APPLYING, time, FaultsTest::fail);

    assertSameBits(run, result);
    assertThat(only(HostEvent.TrainerFailed.class).cause()).contains("injected");
    only(HostEvent.TrainerRestarted.class);
  }

  @Test
  void trainerThrows_withoutEnd_failsTheRunAndLeavesTheCheckpoint() throws IOException {
    DigitsRun run = run("train.max-restarts=2");
    AtomicInteger passes = new AtomicInteger();

    CrashPoint.arm(
        point -> {
          if (point == CrashPoint.WHILE_APPLYING && passes.incrementAndGet() > 20) {
            fail(point);
          }
        });
    RunResult result = execute(run);
    CrashPoint.disarm();

    assertThat(((RunResult.Failed) result).cause())
        .contains("failed more often than train.max-restarts=2", "injected");
    assertThat(events).noneMatch(HostEvent.AlertCleared.class::isInstance);
    assertSameBits(run, run.resume(directory.resolve("run"), directory, broker.address()));
    assertThat(directory.resolve("run/events.jsonl"))
        .content()
        .containsOnlyOnce("io.espalier.alert.raised.v1")
        .containsOnlyOnce("io.espalier.alert.cleared.v1")
        .contains("\"kind\":\"dead-trainer\"", "attempt 2 began");
  }

  @Test
  void trainerAnswersLate_othersWaitAndTheBitsAreTheSame() throws IOException {
    DigitsRun run = run();

    RunResult result = execute(run, CrashPoint.WHILE_APPLYING, 9, point -> sleep(500));

    assertSameBits(run, result);
    assertThat(events).noneMatch(HostEvent.TrainerFailed.class::isInstance);
    assertOneSyncWaited();
  }

  @Test
  void trainerHangs_runFailsNamingItAndResumes() throws IOException {
    DigitsRun run = run("train.progress-timeout=5s");
    CountDownLatch release = new CountDownLatch(1);

    RunResult result;
    try {
      result = execute(run, CrashPoint.WHILE_APPLYING, 9, point -> await(release));
    } finally {
      release.countDown();
    }

    assertThat(((RunResult.Failed) result).cause())
        .contains("each trainer must make progress", "trainer=", "progress-timeout=5s");
    HostEvent.AlertRaised silent = only(HostEvent.AlertRaised.class);
    assertThat(silent.kind()).isEqualTo(HostEvent.AlertRaised.NO_PROGRESS);
    assertThat(silent.text()).contains("completed no step for 5 s");
    assertSameBits(run, run.resume(directory.resolve("run"), directory, broker.address()));
  }

  @ParameterizedTest
  @CsvSource({"BEFORE_AVERAGING, 5", "BEFORE_PUBLISHING, 5", "AFTER_PUBLISHING, 5"})
  void coordinatorThrows_runFailsWithTheCauseAndResumes(CrashPoint point, int time)
      throws IOException {
    DigitsRun run = run();

    RunResult result = execute(run, point, time, FaultsTest::fail);

    assertThat(((RunResult.Failed) result).cause()).contains("injected at " + point);
    assertSameBits(run, run.resume(directory.resolve("run"), directory, broker.address()));
  }

  /** An update that refits has two commits, of which the second brings other values. */
  @ParameterizedTest
  @ValueSource(ints = {5, 7, 8})
  void trainerThrows_atARefittedUpdate_isBroughtLevelAndTheBitsAreTheSame(int time)
      throws IOException {
    DigitsRun run = refitted();

    RunResult result = execute(run, CrashPoint.WHILE_APPLYING, time, FaultsTest::fail);

    assertSameBits(run, result);
    only(HostEvent.TrainerRestarted.class);
  }

  @ParameterizedTest
  @CsvSource({"BEFORE_AVERAGING, 3", "BEFORE_PUBLISHING, 2", "AFTER_PUBLISHING, 3"})
  void coordinatorThrows_atARefittedUpdate_runResumesToTheSameBits(CrashPoint point, int time)
      throws IOException {
    DigitsRun run = refitted();

    RunResult result = execute(run, point, time, FaultsTest::fail);

    assertThat(((RunResult.Failed) result).cause()).contains("injected at " + point);
    assertSameBits(run, run.resume(directory.resolve("run"), directory, broker.address()));
  }

  private DigitsRun refitted() {
    return run(
        "train.checkpoint-every=5",
        "prune.mask=null",
        "prune.mask=hard",
        "prune.refit={kind=least-squares,batches=4}");
  }

  /** A run in which {@code fault} happens at one passing of {@code point}. */
  private RunResult execute(DigitsRun run, CrashPoint point, int time, Consumer<CrashPoint> fault)
      throws IOException {
    AtomicInteger left = new AtomicInteger(time);
    CrashPoint.arm(
        passed -> {
          if (passed == point && left.decrementAndGet() == 0) {
            fault.accept(passed);
          }
        });
    return execute(run);
  }

  private RunResult execute(DigitsRun run) throws IOException {
    try (RunDirectory out = RunDirectory.create(directory.resolve("run"), run.recipe().text());
        RunSession session =
            RunSession.start(run.request(out, directory, broker.address(), events::add))) {
      return session.await();
    }
  }

  private static void assertSameBits(DigitsRun run, RunResult result) {
    assertThat(result).isInstanceOf(RunResult.Finished.class);
    assertThat(((RunResult.Finished) result).run().committed().digest())
        .isEqualTo(TrainingLoop.run(run.run(), LoopListener.NONE).committed().digest());
  }

  private void assertOneSyncWaited() {
    assertThat(events)
        .filteredOn(TrainingEvent.SyncCompleted.class::isInstance)
        .map(event -> ((TrainingEvent.SyncCompleted) event).waitSeconds())
        .anyMatch(seconds -> seconds > SHORTEST_BACKOFF_SECONDS);
  }

  private <E extends Event> E only(Class<E> type) {
    List<E> found = events.stream().filter(type::isInstance).map(type::cast).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static void fail(CrashPoint point) {
    throw new IllegalStateException("injected at " + point);
  }

  private static void sleep(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
