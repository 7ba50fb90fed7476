package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RawEnvelope;
import io.espalier.telemetry.event.TrainingEvent;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.outbox.OutboxReader;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FencedRunTest {
  private static ActorSystem<Void> system;

  @TempDir private static Path home;
  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    system = ActorSystem.create(Behaviors.empty(), "service");
  }

  @AfterAll
  static void stop() {
    system.terminate();
  }

  @Test
  void run_overtakenInMidRun_endsFencedWhileItsSuccessorFinishesRight() throws Exception {
    // Given
    DigitsRun run =
        DigitsRun.of(home, "train.trainers=2", "train.epochs=200", "train.checkpoint-every=5%");
    FinishedRun loop = TrainingLoop.run(run.run(), LoopListener.NONE);
    Path at = directory.resolve("run");
    CountDownLatch underWay = new CountDownLatch(1);

    // When
    RunResult outlived;
    RunResult successor;
    try (BrokerLease lease = lease();
        RunDirectory held = RunDirectory.hold(at, run.recipe().text());
        RunDirectory taken = RunDirectory.hold(at, run.recipe().text());
        RunSession first =
            RunSession.start(
                request(run, held, 1, lease, event -> afterSync(200, event, underWay)))) {
      underWay.await();
      try (RunSession second = RunSession.start(request(run, taken, 3, lease, event -> {}))) {
        outlived = first.await();
        successor = second.await();
      }
    }

    // Then
    assertThat(outlived).isEqualTo(new RunResult.Fenced(3));
    assertThat(successor).isInstanceOf(RunResult.Finished.class);
    assertThat(((RunResult.Finished) successor).run().committed().digest())
        .isEqualTo(loop.committed().digest());
    List<Integer> attempts =
        OutboxReader.readAll(at).stream().map(RawEnvelope::attempt).distinct().toList();
    assertThat(attempts).containsExactly(1, 3);
  }

  @Test
  void start_laterReignHasBegun_isRefusedAndWritesNothing() throws Exception {
    // Given
    DigitsRun run = DigitsRun.of(home);
    Path at = directory.resolve("run");
    try (BrokerLease lease = lease();
        RunDirectory held = RunDirectory.hold(at, run.recipe().text())) {
      RunSession.start(request(run, held, 5, lease, event -> {})).close();
      int before = OutboxReader.readAll(at).size();

      // When Then
      try (RunDirectory late = RunDirectory.hold(at, run.recipe().text())) {
        assertThatThrownBy(() -> RunSession.start(request(run, late, 4, lease, event -> {})))
            .isInstanceOf(FencedException.class)
            .hasMessageContaining("term=4, latest=5");
      }
      assertThat(OutboxReader.readAll(at)).hasSize(before);
    }
  }

  private static BrokerLease lease() {
    return new BrokerLease(home, Optional.of(BrokerAccess.of("127.0.0.1:1")));
  }

  private static void afterSync(long step, Event event, CountDownLatch reached) {
    if (event instanceof TrainingEvent.SyncCompleted sync && sync.step() >= step) {
      reached.countDown();
    }
  }

  private static RunSession.Request request(
      DigitsRun run, RunDirectory directory, long term, BrokerLease lease, Consumer<Event> observer)
      throws IOException {
    return new RunSession.Request(
        run.run(),
        run.recipe().text(),
        directory,
        home,
        Optional.empty(),
        observer,
        notice -> {},
        warning -> {},
        new RunEnvironment.InService(system, term, lease));
  }
}
