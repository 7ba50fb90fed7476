package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.event.RunEvent;
import io.espalier.telemetry.event.TrainingEvent;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostedRunTest {
  private static final String SHORT = "prune.schedule={kind=cubic,begin=10%,end=50%,updates=6}";
  private static EmbeddedBroker broker;
  private static BrokerLease lease;
  private static ActorSystem<Void> system;

  @TempDir private static Path shared;
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws IOException {
    broker = EmbeddedBroker.start(shared.resolve("kafka"));
    lease = new BrokerLease(shared, Optional.of(BrokerAccess.of(broker.address())));
    system = ActorSystem.create(Behaviors.empty(), "service");
  }

  @AfterAll
  static void stop() {
    system.terminate();
    lease.close();
    broker.close();
  }

  @Test
  void run_twoInOneSystem_giveTheBitsOfThePlainLoop() throws IOException {
    // Given
    DigitsRun run = DigitsRun.of(shared, "train.trainers=2", SHORT);
    FinishedRun loop = TrainingLoop.run(run.run(), LoopListener.NONE);

    // When
    RunResult first;
    RunResult second;
    try (RunDirectory one = RunDirectory.create(directory.resolve("one"), run.recipe().text());
        RunDirectory two = RunDirectory.create(directory.resolve("two"), run.recipe().text());
        RunSession left = RunSession.start(request(run, one, 1, event -> {}));
        RunSession right = RunSession.start(request(run, two, 1, event -> {}))) {
      first = left.await();
      second = right.await();
    }

    // Then
    for (RunResult result : List.of(first, second)) {
      assertThat(result).isInstanceOf(RunResult.Finished.class);
      assertThat(((RunResult.Finished) result).run().committed().digest())
          .isEqualTo(loop.committed().digest());
    }
    assertThat(system.getWhenTerminated().toCompletableFuture()).isNotDone();
  }

  @Test
  void cancel_inMidRun_endsWithoutACheckpointAndSaysSo() throws IOException {
    // Given
    DigitsRun run = DigitsRun.of(shared, SHORT, "train.epochs=60", "train.checkpoint-every=100%");
    List<Event> events = new CopyOnWriteArrayList<>();
    AtomicReference<RunSession> running = new AtomicReference<>();

    // When
    RunResult result;
    try (RunDirectory at = RunDirectory.create(directory.resolve("run"), run.recipe().text());
        RunSession session =
            RunSession.start(
                request(
                    run,
                    at,
                    1,
                    event -> {
                      events.add(event);
                      afterSync(30, event, running, RunSession::cancel);
                    }))) {
      running.set(session);
      result = session.await();
    }

    // Then
    assertThat(result).isInstanceOf(RunResult.Cancelled.class);
    assertThat(events)
        .filteredOn(RunEvent.RunStopped.class::isInstance)
        .singleElement()
        .extracting(event -> ((RunEvent.RunStopped) event).reason())
        .isEqualTo("cancelled");
    assertThat(directory.resolve("run/checkpoints")).doesNotExist();
  }

  @Test
  void checkpoint_inMidRun_isWrittenAtTheNextSyncAndTrainingGoesOn() throws IOException {
    // Given
    DigitsRun run = DigitsRun.of(shared, SHORT, "train.epochs=60", "train.checkpoint-every=100%");
    List<Event> events = new CopyOnWriteArrayList<>();
    AtomicReference<RunSession> running = new AtomicReference<>();

    // When
    RunResult result;
    try (RunDirectory at = RunDirectory.create(directory.resolve("run"), run.recipe().text());
        RunSession session =
            RunSession.start(
                request(
                    run,
                    at,
                    1,
                    event -> {
                      events.add(event);
                      afterSync(30, event, running, RunSession::checkpoint);
                    }))) {
      running.set(session);
      result = session.await();
    }

    // Then
    assertThat(result).isInstanceOf(RunResult.Finished.class);
    assertThat(events)
        .filteredOn(HostEvent.CheckpointWritten.class::isInstance)
        .singleElement()
        .extracting(event -> ((HostEvent.CheckpointWritten) event).step())
        .matches(step -> (long) step >= 30);
  }

  @Test
  void start_termThatHasBegun_isRefused() throws IOException {
    // Given
    DigitsRun run = DigitsRun.of(shared, SHORT);
    Path out = directory.resolve("run");

    // When Then
    try (RunDirectory at = RunDirectory.create(out, run.recipe().text())) {
      at.enterTerm(7);
      assertThatThrownBy(() -> RunSession.start(request(run, at, 7, event -> {})))
          .isInstanceOf(FencedException.class)
          .hasMessageContaining("term=7, latest=7");
    }
  }

  /** Does {@code act} once. */
  private static void afterSync(
      long step, Event event, AtomicReference<RunSession> running, Consumer<RunSession> act) {
    if (event instanceof TrainingEvent.SyncCompleted sync && sync.step() >= step) {
      Optional.ofNullable(running.getAndSet(null)).ifPresent(act);
    }
  }

  private static RunSession.Request request(
      DigitsRun run, RunDirectory directory, long term, Consumer<Event> observer) {
    return new RunSession.Request(
        run.run(),
        run.recipe().text(),
        directory,
        shared,
        Optional.of(BrokerAccess.of(broker.address())),
        observer,
        notice -> {},
        warning -> {},
        new RunEnvironment.InService(system, term, lease));
  }
}
