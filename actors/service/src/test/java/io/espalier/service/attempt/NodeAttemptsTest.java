package io.espalier.service.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.service.run.Attempt;
import io.espalier.service.run.AttemptEnd;
import io.espalier.service.run.AttemptOrder;
import io.espalier.service.run.Attempts;
import io.espalier.training.run.BrokerLease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeAttemptsTest {
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
    AttemptEnd expected = whole.end();
    RecordedAttempt first = new RecordedAttempt(3);
    Attempt attempt = attempts().start(order("parted", recipe, 1), first);
    first.awaitCheckpoints();

    // When
    attempt.pause();
    AttemptEnd paused = first.end();
    RecordedAttempt second = start("parted", recipe, 2, 0);
    AttemptEnd completed = second.end();

    // Then
    assertThat(paused).isInstanceOf(AttemptEnd.Paused.class);
    assertThat(completed).isEqualTo(expected).isInstanceOf(AttemptEnd.Completed.class);
    assertThat(summary("parted", "digest")).isEqualTo(summary("whole", "digest"));
    assertThat(second.heard.get(0))
        .isEqualTo("started " + ((AttemptEnd.Paused) paused).step() + "/" + step(completed));
    assertThat(home.resolve("runs/parted/run.log")).content().contains("term 1", "term 2");
  }

  @Test
  void attempt_cancelled_endsWithoutResult() throws IOException, InterruptedException {
    // Given
    RecordedAttempt heard = new RecordedAttempt(1);
    String recipe = recipe("train.epochs=500", "train.checkpoint-every=2");
    Attempt attempt = attempts().start(order("run", recipe, 1), heard);
    heard.awaitCheckpoints();

    // When
    attempt.cancel();

    // Then
    assertThat(heard.end()).isEqualTo(new AttemptEnd.Cancelled());
    assertThat(home.resolve("runs/run/summary.json")).doesNotExist();
  }

  @Test
  void attempt_askedForCheckpoint_writesOneAndGoesOn() throws IOException, InterruptedException {
    // Given
    RecordedAttempt heard = new RecordedAttempt(1);
    String recipe = recipe("train.epochs=60", "train.checkpoint-every=100%");
    Attempt attempt = attempts().start(order("run", recipe, 1), heard);

    // When
    while (heard.heard.stream().noneMatch(line -> line.startsWith("checkpointed"))
        && !heard.heard.contains("ended")) {
      attempt.checkpoint();
      Thread.sleep(20);
    }

    // Then
    assertThat(heard.end()).isInstanceOf(AttemptEnd.Completed.class);
    assertThat(heard.heard).anyMatch(line -> line.startsWith("checkpointed"));
  }

  @Test
  void attempt_ofRunWhoseFilesAreAllWritten_isCompletedAtOnce() throws IOException {
    // Given
    String recipe = recipe("train.epochs=1");
    AttemptEnd first = start("run", recipe, 1, 0).end();

    // When
    RecordedAttempt second = start("run", recipe, 2, 0);

    // Then
    assertThat(second.end()).isEqualTo(first);
    assertThat(second.heard).containsExactly("ended");
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
            AttemptEnd.Failed.class, failed -> assertThat(failed.cause()).contains("/nowhere.csv"));
    assertThat(home.resolve("runs/run/run.log")).content().contains("/nowhere.csv");
  }

  private static long step(AttemptEnd end) {
    return ((AttemptEnd.Completed) end).step();
  }

  private RecordedAttempt start(String run, String recipe, long term, int checkpoints)
      throws IOException {
    RecordedAttempt heard = new RecordedAttempt(checkpoints);
    attempts().start(order(run, recipe, term), heard);
    return heard;
  }

  private Attempts attempts() throws IOException {
    Files.createDirectories(home.resolve("runs"));
    return new NodeAttempts(
        new AttemptSettings(home, SYSTEM, broker, Optional.empty(), Optional.empty()));
  }

  private AttemptOrder order(String run, String recipe, long term) {
    return new AttemptOrder(
        run, home.resolve("runs").resolve(run), recipe, term, List.of(), Optional.empty());
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
