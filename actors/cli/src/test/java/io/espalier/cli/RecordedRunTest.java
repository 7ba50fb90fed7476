package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.service.recorded.RecordedFiles;
import io.espalier.telemetry.outbox.Outbox;
import io.espalier.trainer.checkpoint.RunEpoch;
import io.espalier.trainer.file.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands read directories of runs that version 0.1 wrote. */
class RecordedRunTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  @BeforeEach
  void unpack() throws IOException {
    RecordedFiles.runs(directory);
  }

  @Test
  void evaluate_completedRun_givesItsAccuracy() throws IOException {
    JsonNode evaluated = JSON.readTree(succeed("evaluate", "--json", path("completed")));

    assertThat(evaluated.path("accuracy").asDouble())
        .isCloseTo(summary("completed").path("accuracy").asDouble(), within(0.01));
    assertThat(evaluated.path("examples").asInt()).isEqualTo(359);
  }

  @Test
  void inspect_completedRun_showsWhatItKept() throws IOException {
    JsonNode inspected = JSON.readTree(succeed("inspect", "--json", path("completed")));

    assertThat(inspected.path("prunableKept")).isEqualTo(summary("completed").path("kept"));
    assertThat(succeed("inspect", path("completed"))).contains("fc1.weight", "output.weight");
  }

  @Test
  void report_ofEachRun_isWrittenFromItsEvents() {
    succeed("report", path("completed"), "--compare", path("stopped"));

    assertThat(directory.resolve("completed/report.html"))
        .content()
        .contains("\"state\":\"finished\"", "\"compared\":{\"subject\":\"run:stopped\"");
  }

  @Test
  void tail_ofEachRun_printsItsEvents() {
    assertThat(succeed("tail", path("completed"))).contains("RunStarted", "RunFinished");
    assertThat(succeed("tail", path("stopped")))
        .contains("CheckpointWritten", "RunStopped", "at step 1188 · paused · interrupted");
  }

  @Test
  void train_stoppedRun_goesOnToItsEnd() throws IOException {
    succeed("train", "--resume", path("stopped"));

    assertThat(summary("stopped").path("state").asText()).isEqualTo("finished");
    assertThat(summary("stopped").path("steps").asInt()).isEqualTo(2_640);
    assertThat(succeed("tail", path("stopped"))).contains("RunResumed", "from step 1188");
  }

  @Test
  void train_stoppedRunWithAnotherSetting_goesOnAsANewRun() throws IOException {
    String corrected = path("corrected");

    succeed("train", "--resume", path("stopped"), "--out", corrected, "-D", "train.clip-norm=5");

    assertThat(summary("corrected").path("steps").asInt()).isEqualTo(2_640);
    assertThat(directory.resolve("corrected/recipe.conf"))
        .content()
        .contains("step = 1188", "changes = [\"train.clip-norm = 5\"]", "fold-norms = false");
  }

  /** A run that was killed before its first checkpoint draws its weights again. */
  @Test
  void train_killedBeforeItsFirstCheckpoint_drawsTheWeightsOfItsVersion() throws IOException {
    Path again = Files.createDirectories(directory.resolve("again"));
    Files.copy(directory.resolve("completed/recipe.conf"), again.resolve("recipe.conf"));

    succeed("train", "--resume", again.toString());

    assertThat(weights("again")).hasSameSizeAs(weights("completed"));
    assertThat(difference(weights("again"), weights("completed"))).isLessThan(1e-3);
    assertThat(again.resolve("recipe.conf"))
        .hasSameTextualContentAs(directory.resolve("completed/recipe.conf"));
  }

  private float[] weights(String run) throws IOException {
    return Safetensors.read(directory.resolve(run).resolve("model.safetensors"))
        .tensor("fc1.weight")
        .orElseThrow()
        .toFloatArray();
  }

  private static double difference(float[] a, float[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  @Test
  void train_overtakenByALaterRunEpoch_failsAndNamesIt() throws Exception {
    // Given
    Path epochs = Files.createDirectories(directory.resolve("stopped/reigns"));
    Path events = directory.resolve("stopped").resolve(Outbox.FILE_NAME);
    long before = lines(events);
    CompletableFuture<CommandRun> training =
        CompletableFuture.supplyAsync(() -> CommandRun.of("train", "--resume", path("stopped")));
    while (lines(events) < before + 20 && !training.isDone()) {
      Thread.sleep(1);
    }

    // When
    overtake(epochs);

    // Then
    assertOvertaken(training.join(), epochs);
  }

  @Test
  void train_overtakenWhileItStarts_failsAndNamesIt() throws Exception {
    // Given
    Path epochs = Files.createDirectories(directory.resolve("stopped/reigns"));
    CompletableFuture<CommandRun> training =
        CompletableFuture.supplyAsync(() -> CommandRun.of("train", "--resume", path("stopped")));
    while (RunEpoch.latest(epochs).isEmpty() && !training.isDone()) {
      Thread.sleep(1);
    }

    // When
    overtake(epochs);

    // Then
    assertOvertaken(training.join(), epochs);
  }

  private static long lines(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    }
  }

  private static void overtake(Path epochs) throws IOException {
    RunEpoch.shared(RunEpoch.latest(epochs).orElseThrow() + 1, epochs)
        .begin(RunEpoch.Origin.NOTHING);
  }

  private void assertOvertaken(CommandRun training, Path epochs) throws IOException {
    assertThat(training.exitCode()).as(training.err()).isEqualTo(1);
    assertThat(training.err())
        .contains(
            "only the attempt of the latest term may go on with a run: directory=%s, latest term=%d;"
                .formatted(path("stopped"), RunEpoch.latest(epochs).orElseThrow()))
        .contains("train --resume");
    assertThat(directory.resolve("stopped/summary.json")).doesNotExist();
  }

  private String path(String run) {
    return directory.resolve(run).toString();
  }

  private JsonNode summary(String run) throws IOException {
    return JSON.readTree(directory.resolve(run).resolve("summary.json").toFile());
  }

  private static String succeed(String... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }
}
