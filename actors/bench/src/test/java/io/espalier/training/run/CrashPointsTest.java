package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.bench.chaos.RunFileComparison;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process dies at each point of the code path that could leave something half done. */
@Tag("slow")
class CrashPointsTest {
  private static EmbeddedBroker broker;
  private static Path uninterrupted;

  @TempDir private static Path shared;
  @TempDir private Path directory;

  /**
   * Norms, Adam's moments, cohorts that anneal, evaluations, a best network: all that a state can
   * hold.
   */
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
        "train.keep-best=true",
        "train.keep-masks=all",
        "data.validation=10%",
        "prune.schedule={kind=cubic,begin=10%,end=60%,updates=4}",
        "prune.mask={kind=annealed,over=5%}");
  }

  @BeforeAll
  static void runUninterrupted() throws IOException {
    broker = EmbeddedBroker.start(shared.resolve("kafka"));
    uninterrupted = shared.resolve("uninterrupted");
    run(shared).execute(uninterrupted, shared, broker.address());
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "BEFORE_CUT",
        "WHILE_CUTTING",
        "AFTER_CUT",
        "WHILE_SWITCHING",
        "CHECKPOINT_REPLACED",
        "SUMMARY_WRITTEN",
        "COHORT_CHOSEN",
        "RESULT_ACCEPTED",
        "ROUND_CLOSED",
        "ROUND_LEARNED"
      })
  void die_atAnyPoint_resumesToTheSameBytesAndEvents(CrashPoint point) throws Exception {
    Path out = directory.resolve("run");
    int time = isOnceARun(point) ? 1 : 3;

    die(point, time, out);
    RunResult resumed = run(shared).resume(out, shared, broker.address());

    assertThat(resumed).isInstanceOf(RunResult.Finished.class);
    assertSame(out);
  }

  @Test
  void die_checkpointReplaced_resumesFromTheOneThatIsAside() throws Exception {
    Path out = directory.resolve("run");
    boolean replacing = false;
    // A checkpoint is passed over if the next one is due before it is written: also this one.
    for (int attempt = 0; attempt < 8 && !replacing; attempt++) {
      out = directory.resolve("run-" + attempt);
      die(CrashPoint.CHECKPOINT_RENAMED, 3, out);
      Files.writeString(newestCheckpoint(out).resolve("masks.bin"), "damaged");
      replacing = exitCode(CrashPoint.CHECKPOINT_REPLACED, 1, out) == CrashingRun.DIED;
    }

    assertThat(replacing).as("a run died while it replaced its damaged checkpoint").isTrue();
    run(shared).resume(out, shared, broker.address());

    assertSame(out);
  }

  @Test
  void die_summaryWritten_isFinished() throws Exception {
    Path out = directory.resolve("run");

    die(CrashPoint.SUMMARY_WRITTEN, 1, out);

    assertSame(out);
    assertThatThrownBy(() -> RunDirectory.resume(out)).hasMessageContaining("summary.json");
  }

  private void die(CrashPoint point, int time, Path out) throws Exception {
    assertThat(exitCode(point, time, out))
        .as(() -> "exit code, point=%s, log=%s".formatted(point, directory.resolve("log")))
        .isEqualTo(CrashingRun.DIED);
  }

  private int exitCode(CrashPoint point, int time, Path out) throws Exception {
    return CrashingRun.die(
        CrashingRun.Of.CRASH_POINTS,
        point,
        time,
        out,
        shared,
        broker.address(),
        directory.resolve("log"));
  }

  private static boolean isOnceARun(CrashPoint point) {
    return point.compareTo(CrashPoint.ACTORS_STARTED) <= 0
        || point == CrashPoint.BATCH_PUBLISHED
        || point.compareTo(CrashPoint.MODEL_WRITTEN) >= 0;
  }

  private static void assertSame(Path out) throws IOException {
    RunFileComparison files = new RunFileComparison(uninterrupted, out);
    assertThat(files.differentResults()).isEmpty();
    assertThat(files.differentEvents()).isEmpty();
  }

  private static Path newestCheckpoint(Path out) throws IOException {
    try (Stream<Path> checkpoints = Files.list(out.resolve("checkpoints"))) {
      return checkpoints
          .filter(path -> path.getFileName().toString().startsWith("step-"))
          .max(Path::compareTo)
          .orElseThrow();
    }
  }
}
