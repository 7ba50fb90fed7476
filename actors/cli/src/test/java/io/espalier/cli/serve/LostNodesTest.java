package io.espalier.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with trainers on several nodes goes on when nodes die, or only seem to. */
@Tag("slow")
class LostNodesTest {
  private static final List<String> RECIPE =
      List.of("train.trainers=2", "train.epochs=400", "train.checkpoint-every=50");

  @TempDir private Path directory;

  @Test
  void run_whoseNodesAreKilled_goesOnAndEndsInTheBitsOfAnUndisturbedOne() throws Exception {
    try (ThreeNodes cluster = new ThreeNodes(directory)) {
      // Given
      String run = cluster.any().submit("digits", "key", RECIPE.toArray(String[]::new));
      RunStatus first = cluster.await(run, LostNodesTest::trainsOnWithCheckpoint);
      assertThat(cluster.elsewhere(run)).as("trainers on another node").isNotEmpty();
      String coordinator = first.attempt().node().orElseThrow();

      // When
      cluster.kill(coordinator);
      double coordinatorSeconds = recover(cluster, run, 2);
      cluster.start(coordinator);
      RunStatus second = cluster.await(run, LostNodesTest::trainsOnWithCheckpoint);
      String trainer =
          cluster.elsewhere(run).stream()
              .filter(node -> !node.equals(second.attempt().node().orElseThrow()))
              .findFirst()
              .orElseThrow();
      cluster.kill(trainer);
      double trainerSeconds = recover(cluster, run, 3);

      // Then
      cluster.await(run, status -> status.state() == RunState.FINISHED);
      report(
          "coordinator's node killed %.1f, trainer's node killed %.1f",
          coordinatorSeconds, trainerSeconds);
      assertThat(digest(cluster, run)).isEqualTo(undisturbed());
      assertThat(attempts(cluster, run)).isSorted().contains(1, 2, 3);
    }
  }

  @Test
  void coordinator_thatWasOnlyStopped_changesNothingWhenItComesBack() throws Exception {
    try (ThreeNodes cluster = new ThreeNodes(directory)) {
      // Given
      String run = cluster.any().submit("digits", "key", RECIPE.toArray(String[]::new));
      RunStatus first = cluster.await(run, LostNodesTest::trainsOnWithCheckpoint);
      ServiceProcess zombie = cluster.remove(first.attempt().node().orElseThrow());

      // When
      zombie.process.signal("STOP");
      report("coordinator's node stopped %.1f", recover(cluster, run, 2));
      zombie.process.signal("CONT");
      int exitCode = zombie.process.await();

      // Then
      RunStatus completed = cluster.await(run, status -> status.state() == RunState.FINISHED);
      assertThat(exitCode).as(zombie.process.printed()).isNotZero();
      assertThat(completed.attempt().term()).isEqualTo(2);
      assertThat(digest(cluster, run)).isEqualTo(undisturbed());
      assertThat(attempts(cluster, run))
          .as("no act of term 1 after the first of term 2")
          .isSorted();
      assertThat(cluster.history(run))
          .filteredOn(entry -> entry.event().equals("started"))
          .extracting(entry -> entry.detail().split(" ", 2)[0])
          .containsExactly("term=1", "term=2");
    }
  }

  /** Adds to the file that tells how long recoveries took. */
  private static void report(String format, Object... seconds) throws IOException {
    Files.writeString(
        Path.of("target", "recovery-times.txt"),
        String.format(
            Locale.ROOT, "seconds until the run trained again: " + format + "%n", seconds),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static boolean trainsOnWithCheckpoint(RunStatus status) {
    return status.state() == RunState.RUNNING
        && status.reached().checkpointStep().orElse(0) > 0
        && status.reached().step() > status.reached().checkpointStep().orElse(0);
  }

  /** Seconds until the run trains under a term. */
  private static double recover(ThreeNodes cluster, String run, long term)
      throws IOException, InterruptedException {
    long startNs = System.nanoTime();
    cluster.await(
        run, status -> status.attempt().term() >= term && status.state() == RunState.RUNNING);
    return (System.nanoTime() - startNs) / 1e9;
  }

  private String undisturbed() {
    List<String> overrides = new ArrayList<>(RECIPE);
    PreparedRun run =
        PreparedRun.of(
            new RecipeLoader().load("digits", overrides).config(), DataHome.of(directory));
    return TrainingLoop.run(run, LoopListener.NONE).committed().digest();
  }

  private static String digest(ThreeNodes cluster, String run) throws IOException {
    return new ObjectMapper()
        .readTree(cluster.runDirectory(run).resolve("summary.json").toFile())
        .path("digest")
        .asText();
  }

  /** The attempt of each event, in the order of the file. */
  private static List<Integer> attempts(ThreeNodes cluster, String run) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<Integer> attempts = new ArrayList<>();
    for (String line : Files.readAllLines(cluster.runDirectory(run).resolve("events.jsonl"))) {
      JsonNode event = json.readTree(line);
      attempts.add(event.path("attempt").asInt());
    }
    return attempts;
  }
}
