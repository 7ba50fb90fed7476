package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.InvalidConfigException;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.TrainingEvent;
import io.espalier.trainer.capability.EngineCapability;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.replica.ExecutionDecision;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs in plain Java that go on elsewhere: on another processor, or in another version. */
class JavaResumptionTest {
  private static final String NOWHERE = "127.0.0.1:1";
  private static final String ELSEWHERE = "sse2 (Another)";
  private static final int LATER = 1_000;
  private static final ExecutionDecision AT_ONCE =
      new ExecutionDecision(Optional.empty(), Optional.of(0L));
  private static final ExecutionDecision LATE =
      new ExecutionDecision(Optional.empty(), Optional.of(1_000_000L));

  @TempDir private Path home;

  private DigitsRun run(String execution, String... more) {
    List<String> all = new ArrayList<>();
    all.add("train.checkpoint-every=5");
    all.add("train.engine.capability-mismatch=refuse");
    all.add("train.execution=" + execution);
    all.addAll(List.of(more));
    return DigitsRun.of(home, all.toArray(String[]::new));
  }

  @Test
  void resumption_inJavaOnAnotherCapability_endsWithTheSameBits() throws IOException {
    DigitsRun run = run("java");
    Path out = stopped(run, Optional.empty());
    assertThat(StoredManifests.of(out))
        .allMatch(manifest -> manifest.get("capability").asText().isEmpty());
    StoredManifests.change(out, JavaResumptionTest::move);

    RunResult result = run.resume(out, home, NOWHERE);

    assertThat(DigitsRun.digest(result))
        .isEqualTo(TrainingLoop.run(run.run(), LoopListener.NONE).committed().digest());
  }

  @Test
  void resumption_ofAutoThatIsInJava_endsWithTheSameBits() throws IOException {
    DigitsRun run = run("auto");
    Path out = stopped(run, Optional.of(AT_ONCE));
    assertThat(StoredManifests.of(out))
        .allMatch(manifest -> manifest.get("capability").asText().isEmpty());
    StoredManifests.change(out, JavaResumptionTest::move);

    RunResult result = run.resume(out, home, NOWHERE);

    assertThat(DigitsRun.digest(result))
        .isEqualTo(TrainingLoop.run(run("java").run(), LoopListener.NONE).committed().digest());
  }

  @Test
  void resumption_ofAutoThatIsOnTheEngine_isRefusedOnAnotherCapability() throws IOException {
    DigitsRun run = run("auto");
    Path out = stopped(run, Optional.of(LATE));
    StoredManifests.change(out, JavaResumptionTest::move);

    assertThatThrownBy(() -> run.resume(out, home, NOWHERE))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("train.engine.capability-mismatch: the run must compute")
        .hasMessageContaining("before=" + ELSEWHERE);
  }

  /** The engine computes updates that measure, also where plain Java computes the steps. */
  @Test
  void resumption_inJavaWhoseUpdatesMeasure_isRefusedOnAnotherCapability() throws IOException {
    DigitsRun run = run("java", "prune.score=taylor");
    Path out = stopped(run, Optional.empty());
    assertThat(StoredManifests.of(out))
        .allMatch(
            manifest -> manifest.get("capability").asText().equals(EngineCapability.current()));
    StoredManifests.change(out, JavaResumptionTest::move);

    assertThatThrownBy(() -> run.resume(out, home, NOWHERE))
        .hasMessageContaining("train.engine.capability-mismatch: the run must compute");
  }

  @Test
  void resumption_withAnotherArithmetic_isRefusedWithTheWaysOut() throws IOException {
    for (DigitsRun run : List.of(run("java"), run("auto"))) {
      Path out = stopped(run, Optional.of(AT_ONCE));
      StoredManifests.change(out, manifest -> manifest.put("arithmetic", LATER));

      assertThatThrownBy(() -> run.resume(out, home, NOWHERE))
          .isInstanceOf(InvalidConfigException.class)
          .hasMessageContaining(
              "train.execution: must go on with the arithmetic of plain Java that the run began with")
          .hasMessageContaining("before=1000, here=" + run.run().arithmetic())
          .hasMessageContaining("resume the run with the version that wrote its checkpoint")
          .hasMessageContaining("train --resume DIR -D name=NAME");
      assertThat(out.resolve("summary.json")).doesNotExist();
      assertThat(RunDirectory.isFinished(out)).isFalse();
    }
  }

  /** The second way out of the refusal. */
  @Test
  void branch_fromACheckpointOfAnotherArithmetic_trainsToItsEnd() throws IOException {
    Path parent = stopped(run("java"), Optional.empty());
    StoredManifests.change(parent, manifest -> manifest.put("arithmetic", LATER));
    RunBranch branch =
        RunBranch.correcting(parent, List.of("name=anew"), DataHome.of(home), warning -> {});
    DigitsRun run = new DigitsRun(branch.recipe(), branch.run());
    Path out = home.resolve("branch");

    RunResult result;
    try (RunDirectory directory = RunDirectory.create(out, run.recipe().text())) {
      branch.seed(directory);
      try (RunSession session =
          RunSession.start(run.request(directory, home, NOWHERE, event -> {}))) {
        result = session.await();
      }
    }

    assertThat(result).isInstanceOf(RunResult.Finished.class);
  }

  @Test
  void resumption_ofAnEarlierVersion_hasTheFirstArithmetic() throws IOException {
    DigitsRun run = run("java");
    Path out = stopped(run, Optional.empty());
    assertThat(StoredManifests.of(out))
        .allMatch(manifest -> manifest.get("arithmetic").asInt() == run.run().arithmetic());
    StoredManifests.change(out, manifest -> manifest.remove("arithmetic"));

    assertThat(run.run().arithmetic()).isEqualTo(1);
    assertThat(run.resume(out, home, NOWHERE)).isInstanceOf(RunResult.Finished.class);
  }

  @Test
  void resumption_onTheEngine_knowsNoArithmeticOfJava() throws IOException {
    DigitsRun run = run("engine");
    Path out = stopped(run, Optional.empty());
    StoredManifests.change(out, manifest -> manifest.put("arithmetic", LATER));

    assertThat(run.resume(out, home, NOWHERE)).isInstanceOf(RunResult.Finished.class);
  }

  private static void move(ObjectNode manifest) {
    manifest.put("capability", ELSEWHERE);
  }

  /** A run that was paused after some steps. */
  private Path stopped(DigitsRun run, Optional<ExecutionDecision> decision) throws IOException {
    Path out = Files.createTempDirectory(home, "runs").resolve("run");
    CompletableFuture<RunSession> running = new CompletableFuture<>();
    Consumer<Event> pausing =
        event -> {
          if (event instanceof TrainingEvent.SyncCompleted sync && sync.step() >= 10) {
            running.join().pause();
          }
        };
    try (RunDirectory directory = RunDirectory.create(out, run.recipe().text())) {
      if (decision.isPresent()) {
        Files.writeString(out.resolve(ExecutionDecision.FILE), decision.get().json());
      }
      try (RunSession session = RunSession.start(run.request(directory, home, NOWHERE, pausing))) {
        running.complete(session);
        assertThat(session.await()).isInstanceOf(RunResult.Paused.class);
      }
    }
    return out;
  }
}
