package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.configs.file.LockFile;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunEvent;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A start that fails anywhere leaves no thread, lock, file, media driver or actor behind. */
class FailedStartTest {
  private static final String NOWHERE = "127.0.0.1:1";

  @TempDir private static Path shared;
  private static DigitsRun run;
  private static FinishedRun loop;

  @TempDir private Path directory;
  private Path at;
  private OpenResources before;

  /** Also starts what a process starts once. */
  @BeforeAll
  static void prepare() throws IOException {
    run = DigitsRun.of(shared, "train.trainers=2");
    loop = TrainingLoop.run(run.run(), LoopListener.NONE);
    run.execute(shared.resolve("run"), shared, NOWHERE);
  }

  @BeforeEach
  void note() throws IOException {
    directory = directory.toRealPath();
    at = directory.resolve("run");
    before = OpenResources.before(directory);
  }

  @AfterEach
  void disarm() {
    CrashPoint.disarm();
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "OUTBOX_OPENED",
        "BROKER_STARTING",
        "SHIPPER_STARTED",
        "RECORDER_OPENED",
        "DRIVER_STARTED",
        "AERON_CONNECTED",
        "TRANSPORT_STARTED",
        "ACTORS_STARTED"
      })
  void start_failsAtAnyPoint_leavesNothingOpenAndResumes(CrashPoint point) throws IOException {
    failAt(point);

    assertStartFails(directory, event -> {}, "injected at " + point);
    CrashPoint.disarm();

    before.assertNoneOpen();
    assertThat(digest(run.resume(at, directory, NOWHERE))).isEqualTo(loop.committed().digest());
  }

  @Test
  void start_failsWhileTheHomesBrokerStarts_endsTheBroker() throws IOException {
    failAt(CrashPoint.ACTORS_STARTED);

    assertFails(directory, Optional.empty(), event -> {}, "injected");

    before.assertNoneOpen();
    assertThat(LockFile.take(directory.resolve("broker.lock")))
        .isPresent()
        .get()
        .satisfies(LockFile::close);
  }

  @Test
  void start_homeIsAFile_isRefusedAndLeavesNothingOpen() throws IOException {
    Path home = Files.writeString(directory.resolve("home"), "no directory");

    assertStartFails(home, event -> {}, home.toString());

    before.assertNoneOpen();
  }

  @Test
  void start_outboxCannotBeWritten_isRefusedAndLeavesNothingOpen() throws IOException {
    Files.createDirectories(directory.resolve("elsewhere/events.jsonl"));
    at = directory.resolve("elsewhere");
    Files.writeString(at.resolve("recipe.conf"), run.recipe().text());

    try (RunDirectory opened = RunDirectory.resume(at)) {
      assertThatThrownBy(
              () -> RunSession.start(run.request(opened, directory, NOWHERE, event -> {})))
          .isInstanceOf(IOException.class);
    }

    before.assertNoneOpen();
  }

  @Test
  void start_observerThrows_leavesNothingOpenWhicheverTheEvent() throws IOException {
    assertStartFails(directory, event -> fail("first"), "injected at first");
    before.assertNoneOpen();

    at = directory.resolve("other");
    assertStartFails(
        directory,
        event -> {
          if (event instanceof RunEvent.RunState) {
            fail("state");
          }
        },
        "injected at state");
    before.assertNoneOpen();
  }

  @Test
  void start_streamsOffsetsAreDamaged_leavesNothingOpen() throws IOException {
    SampleStream stream = new SampleStream();

    try (RunDirectory created = RunDirectory.create(at, stream.recipe().text())) {
      Files.writeString(at.resolve("stream.json"), "{");
      assertThatThrownBy(
              () ->
                  RunSession.start(
                      stream.request(created, directory, BrokerAccess.of(NOWHERE), event -> {})))
          .hasMessageContaining("stream.json");
    }

    before.assertNoneOpen();
  }

  @Test
  void start_inAServiceFails_leavesNothingOpenButTheService() throws Exception {
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "service");
    try (BrokerLease lease = new BrokerLease(directory, Optional.of(BrokerAccess.of(NOWHERE)))) {
      startInService(system, lease, 1).close();
      failAt(CrashPoint.ACTORS_STARTED);

      assertThatThrownBy(() -> startInService(system, lease, 2)).hasMessageContaining("injected");
      CrashPoint.disarm();

      try (RunSession next = startInService(system, lease, 3)) {
        assertThat(digest(next.await())).isEqualTo(loop.committed().digest());
      }
    } finally {
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().join();
    }
    before.assertNoneOpen();
  }

  @Test
  void start_serviceEnds_leavesNothingOpen() throws IOException {
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "service");
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();

    try (BrokerLease lease = new BrokerLease(directory, Optional.of(BrokerAccess.of(NOWHERE)))) {
      assertThatThrownBy(() -> startInService(system, lease, 1))
          .isInstanceOf(IllegalStateException.class);
    }

    before.assertNoneOpen();
  }

  private RunSession startInService(ActorSystem<?> system, BrokerLease lease, long term)
      throws IOException {
    return RunSession.start(
        new RunSession.Request(
            run.run(),
            run.recipe().text(),
            RunDirectory.hold(at, run.recipe().text()),
            directory,
            Optional.empty(),
            event -> {},
            notice -> {},
            warning -> {},
            new RunEnvironment.InService(system, term, lease)));
  }

  private void assertStartFails(Path home, Consumer<Event> observer, String message)
      throws IOException {
    assertFails(home, Optional.of(BrokerAccess.of(NOWHERE)), observer, message);
  }

  private void assertFails(
      Path home, Optional<BrokerAccess> kafka, Consumer<Event> observer, String message)
      throws IOException {
    try (RunDirectory created = RunDirectory.create(at, run.recipe().text())) {
      assertThatThrownBy(
              () ->
                  RunSession.start(
                      new RunSession.Request(
                          run.run(),
                          run.recipe().text(),
                          created,
                          home,
                          kafka,
                          observer,
                          notice -> {},
                          warning -> {})))
          .hasMessageContaining(message);
    }
  }

  private static Object digest(RunResult result) {
    assertThat(result).isInstanceOf(RunResult.Finished.class);
    return ((RunResult.Finished) result).run().committed().digest();
  }

  private static void failAt(CrashPoint point) {
    CrashPoint.arm(
        passed -> {
          if (passed == point) {
            fail(point);
          }
        });
  }

  private static void fail(Object place) {
    throw new IllegalStateException("injected at " + place);
  }
}
