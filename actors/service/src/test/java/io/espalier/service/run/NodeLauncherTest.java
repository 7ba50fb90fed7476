package io.espalier.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.training.RunResult;
import io.espalier.training.run.BrokerLease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeLauncherTest {
  private static final ActorSystem<Void> SYSTEM = ActorSystem.create(Behaviors.empty(), "attempts");

  @TempDir private static Path shared;
  private static BrokerLease broker;
  @TempDir private Path home;

  @BeforeAll
  static void openBroker() {
    broker = new BrokerLease(shared, Optional.empty());
  }

  @AfterAll
  static void end() {
    broker.close();
    SYSTEM.terminate();
  }

  @Test
  void attempt_pausedAndGoneOnWith_endsInTheBitsOfAnUninterruptedOne()
      throws IOException, InterruptedException {
    // Given
    String recipe = recipe("train.epochs=12", "train.checkpoint-every=2");
    RecordedAttempt whole = start("whole", recipe, 1, 0);
    RunResult expected = whole.end();
    RecordedAttempt first = start("parted", recipe, 1, 3);
    first.awaitCheckpoints();

    // When
    first.attempt.pause();
    RunResult paused = first.end();
    RecordedAttempt second = start("parted", recipe, 2, 0);
    RunResult completed = second.end();

    // Then
    assertThat(paused).isInstanceOf(RunResult.Paused.class);
    assertThat(completed).isEqualTo(expected).isInstanceOf(RunResult.Finished.class);
    assertThat(summary("parted", "digest")).isEqualTo(summary("whole", "digest"));
    assertThat(second.heard.get(0))
        .isEqualTo(
            "ready step=%d totalSteps=%d"
                .formatted(((RunResult.Paused) paused).step(), step(completed)));
    assertThat(home.resolve("runs/parted/run.log")).content().contains("term 1", "term 2");
  }

  @Test
  void attempts_ofOneRun_leaveABoundedNumberOfFiles() throws IOException, InterruptedException {
    // Given
    String recipe = recipe("train.epochs=2000", "train.checkpoint-every=2");
    attempt(recipe, 1);
    attempt(recipe, 2);
    attempt(recipe, 3);
    int before = files();

    // When
    for (int term = 4; term <= 6; term++) {
      attempt(recipe, term);
    }

    // Then
    assertThat(files()).isLessThanOrEqualTo(before);
    RecordedAttempt last = start("run", recipe, 7, 1);
    last.awaitCheckpoints();
    last.attempt.cancel();
    assertThat(last.end()).isInstanceOf(RunResult.Cancelled.class);
    assertThat(last.heard.get(0)).startsWith("ready step=").doesNotContain("step=0 ");
  }

  /** One that writes some checkpoints, and pauses. */
  private void attempt(String recipe, long term) throws IOException, InterruptedException {
    RecordedAttempt attempt = start("run", recipe, term, 4);
    attempt.awaitCheckpoints();
    attempt.attempt.pause();
    assertThat(attempt.end()).isInstanceOf(RunResult.Paused.class);
  }

  private int files() throws IOException {
    try (Stream<Path> all = Files.walk(home.resolve("runs/run"))) {
      return (int) all.count();
    }
  }

  @Test
  void attempt_cancelled_endsWithoutResult() throws IOException, InterruptedException {
    // Given
    String recipe = recipe("train.epochs=500", "train.checkpoint-every=2");
    RecordedAttempt heard = start("run", recipe, 1, 1);
    heard.awaitCheckpoints();

    // When
    heard.attempt.cancel();

    // Then
    assertThat(heard.end()).isInstanceOf(RunResult.Cancelled.class);
    assertThat(home.resolve("runs/run/summary.json")).doesNotExist();
  }

  @Test
  void attempt_askedForCheckpoint_writesOneAndGoesOn() throws IOException, InterruptedException {
    // Given
    String recipe = recipe("train.epochs=60", "train.checkpoint-every=100%");
    RecordedAttempt heard = start("run", recipe, 1, 1);

    // When
    while (heard.heard.stream().noneMatch(line -> line.startsWith("checkpointed"))
        && !heard.heard.contains("ended")) {
      heard.attempt.checkpoint();
      Thread.sleep(20);
    }

    // Then
    assertThat(heard.end()).isInstanceOf(RunResult.Finished.class);
    assertThat(heard.heard).anyMatch(line -> line.startsWith("checkpointed"));
  }

  @Test
  void attempt_ofRunWhoseFilesAreAllWritten_isCompletedAtOnce() throws IOException {
    // Given
    String recipe = recipe("train.epochs=1");
    RunResult first = start("run", recipe, 1, 0).end();

    // When
    RecordedAttempt second = start("run", recipe, 2, 0);

    // Then
    assertThat(second.end()).isEqualTo(first);
    assertThat(second.heard).containsExactly("ended");
  }

  @Test
  void attempt_thatEnded_hasReachedTheFiguresOfItsSummary() throws IOException {
    // Given
    RecordedAttempt ended = start("run", recipe("train.epochs=3"), 1, 0);

    // When
    RunResult.Finished result = (RunResult.Finished) ended.end();

    // Then
    RunAttempt.Reached reached = ended.attempt.reached(System.nanoTime());
    RunLauncher.Progress last = reached.progress().orElseThrow();
    assertThat(reached.active()).isFalse();
    assertThat(reached.stepsPerSecond()).isEmpty();
    assertThat(reached.totalSteps()).hasValue(result.step());
    assertThat(last.step()).isEqualTo(result.step());
    assertThat(last.accuracy()).hasValue(result.accuracy());
    assertThat(last.sparsity()).isEqualTo(result.sparsity()).isPositive();
    assertThat(last.measured().loss().orElseThrow()).isPositive().isFinite();
    assertThat(last.measured().evaluationLoss())
        .hasValue(Double.parseDouble(summary("run", "loss")));
    assertThat(last.measured().maskVersion()).isPositive();
    assertThat(last.measured().alerts()).isEmpty();
  }

  @Test
  void attempt_dataThatIsNotThere_failsWithTheRule() throws IOException {
    // Given
    String recipe =
        "name = lost, data { kind = csv, path = \"/nowhere.csv\", label = y, test = 20% }"
            + ", model { kind = mlp, hidden = [4] }";

    // When
    RecordedAttempt heard =
        start("run", new RecipeLoader().parse("test", recipe, List.of()).text(), 1, 0);

    // Then
    assertThat(heard.end())
        .isInstanceOfSatisfying(
            RunResult.Failed.class, failed -> assertThat(failed.cause()).contains("/nowhere.csv"));
    assertThat(home.resolve("runs/run/run.log")).content().contains("/nowhere.csv");
  }

  @Test
  void attempt_thatDiverges_hasRaisedItsAlertWhenItEnds() throws IOException {
    RecordedAttempt heard =
        start("run", recipe("train.learning-rate={kind=constant,initial=1e12}"), 3, 0);

    assertThat(heard.end()).isInstanceOf(RunResult.Failed.class);
    assertThat(heard.alerts.of("run"))
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.id()).isEqualTo("3/alert/1");
              assertThat(alert.kind()).isEqualTo("not-finite");
              assertThat(alert.text()).contains("not a finite number");
            });
    heard.alerts.acknowledged("run", List.of("3/alert/1"));
    assertThat(heard.alerts.of("run")).isEmpty();
  }

  private static long step(RunResult end) {
    return ((RunResult.Finished) end).step();
  }

  private RecordedAttempt start(String run, String recipe, long term, int checkpoints)
      throws IOException {
    Path directory = Files.createDirectories(home.resolve("runs")).resolve(run);
    return new RecordedAttempt(
        new NodeLauncher(
            new NodeLauncher.Settings(home, SYSTEM, broker, Optional.empty(), Optional.empty())),
        new RunLauncher.Order(run, directory, recipe, term, List.of(), 512, Optional.empty()),
        checkpoints);
  }

  private static String recipe(String... overrides) {
    List<String> all = new ArrayList<>(List.of("data.kind=digits", "train.trainers=2"));
    all.addAll(List.of(overrides));
    return new RecipeLoader().load("digits", all).text();
  }

  private String summary(String run, String fact) throws IOException {
    return new ObjectMapper()
        .readTree(home.resolve("runs").resolve(run).resolve("summary.json").toFile())
        .get(fact)
        .asText();
  }
}
