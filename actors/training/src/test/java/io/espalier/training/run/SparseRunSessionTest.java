package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.file.Json;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunEvent.ExecutionSwitched;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.trainer.prepare.PreparedRun;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that compute with kept weights only, under actors. */
class SparseRunSessionTest {
  private static final String NOWHERE = "127.0.0.1:1";
  private static final String[] RECIPE = {
    "train.trainers=2",
    "train.checkpoint-every=20",
    "model=mlp",
    "model.hidden=[32,16]",
    "prune.sparsity=80%",
    "prune.schedule={kind=cubic,begin=10%,end=50%,updates=6}"
  };

  @TempDir private Path directory;

  private DigitsRun run(String execution, String... more) {
    List<String> all = new ArrayList<>(List.of(RECIPE));
    all.add("train.execution=" + execution);
    all.addAll(List.of(more));
    return DigitsRun.of(directory, all.toArray(String[]::new));
  }

  private static String digest(RunResult result) {
    assertThat(result).isInstanceOf(RunResult.Finished.class);
    return ((RunResult.Finished) result).run().committed().digest();
  }

  private static String ofLoop(PreparedRun run) {
    return TrainingLoop.run(run, LoopListener.NONE).committed().digest();
  }

  @Test
  void run_sparse_givesTheBitsOfThePlainLoop_andSaysSo() throws IOException {
    DigitsRun run = run("sparse");
    Path out = directory.resolve("run");

    RunResult result = run.execute(out, directory, NOWHERE);

    assertThat(digest(result)).isEqualTo(ofLoop(run.run()));
    JsonNode summary = Json.LENIENT.readTree(out.resolve("summary.json").toFile());
    assertThat(summary.path("executionSwitches").toString())
        .contains("\"step\":0", "\"execution\":\"sparse\"");
    DigitsRun dense = run("engine");
    digest(dense.execute(directory.resolve("dense"), directory, NOWHERE));
    JsonNode whole = Json.LENIENT.readTree(directory.resolve("dense/summary.json").toFile());
    assertThat(whole.path("executionSwitches")).isEmpty();
    long perStep = 2L * run.run().config().data().batchSize();
    assertThat(whole.path("executedMacs").longValue())
        .isEqualTo(run.run().plan().totalSteps() * perStep * run.run().network().macs());
    assertThat(summary.path("executedMacs").longValue())
        .isPositive()
        .isLessThan(whole.path("executedMacs").longValue() * 6 / 10);
  }

  /** The file says when, and measures are not taken again. The run has syncs left at each stop. */
  @ParameterizedTest
  @ValueSource(longs = {40, 60, 65, 80})
  void run_stoppedAroundItsSwitch_resumesToTheBitsOfTheLoop(long stop) throws IOException {
    DigitsRun run = run("auto", "train.epochs=10");
    Path out = directory.resolve("run");
    List<ExecutionSwitched> switches = new ArrayList<>();
    Consumer<Event> seen =
        event -> {
          if (event instanceof ExecutionSwitched each) {
            switches.add(each);
          }
        };
    CompletableFuture<RunSession> running = new CompletableFuture<>();
    try (RunDirectory at = RunDirectory.create(out, run.recipe().text())) {
      Files.writeString(
          out.resolve(ExecutionDecision.FILE),
          new ExecutionDecision(Optional.empty(), Optional.of(60L)).json());
      try (RunSession session =
          RunSession.start(
              run.request(
                  at,
                  directory,
                  NOWHERE,
                  event -> {
                    seen.accept(event);
                    if (event instanceof SyncCompleted sync && sync.step() >= stop) {
                      running.join().pause();
                    }
                  }))) {
        running.complete(session);
        assertThat(session.await()).isInstanceOf(RunResult.Paused.class);
      }
    }

    RunResult result;
    try (RunDirectory at = RunDirectory.resume(out);
        RunSession session = RunSession.start(run.request(at, directory, NOWHERE, seen))) {
      result = session.await();
    }

    assertThat(digest(result)).isEqualTo(ofLoop(run.run().sparseFrom(60)));
    assertThat(digest(result)).isNotEqualTo(ofLoop(run.run()));
    assertThat(switches).contains(new ExecutionSwitched(60, "sparse"));
    JsonNode summary = Json.LENIENT.readTree(out.resolve("summary.json").toFile());
    assertThat(summary.path("executionSwitches").get(0).path("step").longValue()).isEqualTo(60);
    assertThat(Files.readString(out.resolve("report.html"))).contains("sparse execution");
  }

  @Test
  void run_auto_decidesOnce_andKeepsIt() throws IOException {
    DigitsRun run = run("auto");
    Path out = directory.resolve("run");

    RunResult result = run.execute(out, directory, NOWHERE);

    ExecutionDecision kept =
        ExecutionDecision.parse(Files.readString(out.resolve(ExecutionDecision.FILE)));
    assertThat(kept.times().orElseThrow().engine()).isPositive();
    assertThat(digest(result)).isEqualTo(ofLoop(kept.of(run.run())));
  }
}
