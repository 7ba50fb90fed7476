package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.bench.chaos.RunFileComparison;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.trainer.replica.ExecutionDecision;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two trainers go over to kept weights in mid-training, and either may fail just then. */
@Tag("slow")
class SwitchingRunTest {
  private static final long SWITCH = 40;

  private static EmbeddedBroker broker;
  private static Path uninterrupted;
  private static String expected;

  @TempDir private static Path shared;
  @TempDir private Path directory;
  private final List<Event> events = new CopyOnWriteArrayList<>();

  /** Norms, convolutions, Adam's moments and updates on both sides of the switch. */
  static DigitsRun run(Path home) {
    return DigitsRun.of(
        home,
        "model=resnet-8",
        "model.width=4",
        "train.execution=auto",
        "train.epochs=4",
        "train.trainers=2",
        "train.optimizer=null",
        "train.optimizer={kind=adam}",
        "train.learning-rate={kind=cosine,initial=0.003}",
        "train.checkpoint-every=10",
        "train.evaluate-every=10",
        "data.validation=10%",
        "prune.sparsity=0.9",
        "prune.schedule={kind=cubic,begin=10%,end=80%,updates=6}");
  }

  @BeforeAll
  static void runUninterrupted() throws IOException {
    broker = EmbeddedBroker.start(shared.resolve("kafka"));
    uninterrupted = shared.resolve("uninterrupted");
    expected =
        TrainingLoop.run(run(shared).run().sparseFrom(SWITCH), LoopListener.NONE)
            .committed()
            .digest();
    decide(uninterrupted);
    run(shared).resume(uninterrupted, shared, broker.address());
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @AfterEach
  void disarm() {
    CrashPoint.disarm();
  }

  /** Prepares a run whose switch is decided. */
  private static void decide(Path out) throws IOException {
    RunDirectory.create(out, run(shared).recipe().text()).close();
    Files.writeString(
        out.resolve(ExecutionDecision.FILE),
        new ExecutionDecision(Optional.empty(), Optional.of(SWITCH)).json());
  }

  @Test
  void run_underActors_givesTheBitsOfThePlainLoop() throws IOException {
    Path out = directory.resolve("run");
    decide(out);

    RunResult again = run(shared).resume(out, shared, broker.address());

    assertThat(DigitsRun.digest(again)).isEqualTo(expected);
    assertThat(new RunFileComparison(uninterrupted, out).differentResults()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"WHILE_SWITCHING, 1", "WHILE_SWITCHING, 2", "WHILE_APPLYING, 17"})
  void trainerThrows_aroundTheSwitch_catchesUpAndTheBitsAreTheSame(CrashPoint point, int time)
      throws IOException {
    DigitsRun.failAt(point, time);
    Path out = directory.resolve("run");
    decide(out);

    RunResult result;
    try (RunDirectory at = RunDirectory.resume(out);
        RunSession session =
            RunSession.start(run(shared).request(at, shared, broker.address(), events::add))) {
      result = session.await();
    }

    assertThat(events).filteredOn(HostEvent.TrainerRestarted.class::isInstance).hasSize(1);
    assertThat(DigitsRun.digest(result)).isEqualTo(expected);
  }

  /** Syncs are every 5 steps, from step 0: the ninth is that of the switch. */
  @ParameterizedTest
  @CsvSource({
    "BEFORE_AVERAGING, 9",
    "BEFORE_PUBLISHING, 9",
    "WHILE_SWITCHING, 1",
    "WHILE_SWITCHING, 2",
    "WHILE_APPLYING, 17",
    "CHECKPOINT_RENAMED, 4"
  })
  void die_aroundTheSwitch_resumesToTheSameBytesAndEvents(CrashPoint point, int time)
      throws Exception {
    Path out = directory.resolve("run");
    Path log = directory.resolve("log");
    decide(out);

    int exitCode =
        CrashingRun.die(CrashingRun.Of.SWITCHING, point, time, out, shared, broker.address(), log);
    assertThat(exitCode).as(Files.readString(log)).isEqualTo(CrashingRun.DIED);
    RunResult resumed = run(shared).resume(out, shared, broker.address());

    assertThat(DigitsRun.digest(resumed)).isEqualTo(expected);
    RunFileComparison files = new RunFileComparison(uninterrupted, out);
    assertThat(files.differentResults()).isEmpty();
    assertThat(files.differentEvents()).isEmpty();
  }
}
