package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.bench.chaos.RunFileComparison;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.Committed;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Channels leave the network of two trainers under actors, and either may fail just then. */
@Tag("slow")
class ShrinkingRunTest {
  private static EmbeddedBroker broker;
  private static Path uninterrupted;
  private static Committed expected;

  @TempDir private static Path shared;
  @TempDir private Path directory;
  private final List<Event> events = new CopyOnWriteArrayList<>();

  /** Norms, Adam's moments and channels that return: all that a cut goes through. */
  static DigitsRun run(Path home) {
    return DigitsRun.of(
        home,
        "model=resnet-8",
        "model.width=4",
        "train.epochs=4",
        "train.trainers=2",
        "train.optimizer=null",
        "train.optimizer={kind=adam}",
        "train.learning-rate={kind=cosine,initial=0.003}",
        "train.checkpoint-every=10",
        "train.keep-checkpoints=2",
        "train.evaluate-every=10",
        "data.validation=10%",
        "prune.sparsity=0.5",
        "prune.granularity={kind=channel,budget=macs,cut=live,settle=7}",
        "prune.schedule={kind=cubic,begin=10%,end=60%,updates=4}",
        "prune.mask=soft");
  }

  @BeforeAll
  static void runUninterrupted() throws IOException {
    broker = EmbeddedBroker.start(shared.resolve("kafka"));
    uninterrupted = shared.resolve("uninterrupted");
    expected = TrainingLoop.run(run(shared).run(), LoopListener.NONE).committed();
    run(shared).execute(uninterrupted, shared, broker.address());
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @AfterEach
  void disarm() {
    CrashPoint.disarm();
  }

  @Test
  void run_underActors_leavesTheSmallNetworkOfThePlainLoop() throws IOException {
    RunResult again = run(shared).execute(directory.resolve("run"), shared, broker.address());

    assertThat(DigitsRun.digest(again)).isEqualTo(expected.digest());
    assertThat(new RunFileComparison(uninterrupted, directory.resolve("run")).differentResults())
        .isEmpty();
    assertThat(expected.run().network().macs())
        .isLessThanOrEqualTo(run(shared).run().network().macs() / 2);
    for (ParameterSpec spec : expected.run().network().parameters()) {
      assertThat(
              Safetensors.read(uninterrupted.resolve("model.safetensors"))
                  .tensor(spec.id().name())
                  .orElseThrow()
                  .dimensions())
          .isEqualTo(spec.shape().dimensions());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "WHILE_CUTTING, 1",
    "WHILE_CUTTING, 4",
    "AFTER_CUT, 1",
    "AFTER_CUT, 2",
    "WHILE_APPLYING, 24",
    "WHILE_STEPPING, 90"
  })
  void trainerThrows_aroundACut_catchesUpAndTheBitsAreTheSame(CrashPoint point, int time)
      throws IOException {
    DigitsRun.failAt(point, time);

    RunResult result;
    try (RunDirectory out =
            RunDirectory.create(directory.resolve("run"), run(shared).recipe().text());
        RunSession session =
            RunSession.start(run(shared).request(out, shared, broker.address(), events::add))) {
      result = session.await();
    }

    assertThat(events).filteredOn(HostEvent.TrainerRestarted.class::isInstance).hasSize(1);
    assertThat(DigitsRun.digest(result)).isEqualTo(expected.digest());
  }

  @ParameterizedTest
  @CsvSource({
    "BEFORE_CUT, 1",
    "BEFORE_CUT, 2",
    "WHILE_CUTTING, 1",
    "WHILE_CUTTING, 4",
    "AFTER_CUT, 1",
    "AFTER_CUT, 3",
    "CHECKPOINT_RENAMED, 4"
  })
  void die_aroundACut_resumesToTheSameBytesAndEvents(CrashPoint point, int time) throws Exception {
    Path out = directory.resolve("run");
    Path log = directory.resolve("log");

    int exitCode =
        CrashingRun.die(CrashingRun.Of.SHRINKING, point, time, out, shared, broker.address(), log);
    assertThat(exitCode).as(Files.readString(log)).isEqualTo(CrashingRun.DIED);
    RunResult resumed = run(shared).resume(out, shared, broker.address());

    assertThat(DigitsRun.digest(resumed)).isEqualTo(expected.digest());
    RunFileComparison files = new RunFileComparison(uninterrupted, out);
    assertThat(files.differentResults()).isEmpty();
    assertThat(files.differentEvents()).isEmpty();
  }
}
