package com.example.pruning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.telemetry.kafka.Shipper;
import io.espalier.telemetry.outbox.Outbox;
import io.espalier.telemetry.outbox.RunIdFile;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.training.run.RunDirectory;
import io.espalier.training.run.RunSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The consumer of the README, beside a real run that is delivered twice. */
final class LossFollowerTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String LAST_LINE = "last step 1 loss 0.5";

  @TempDir Path directory;

  @Test
  void follow_runsOfOneNameDeliveredTwice_printsEachEvaluationOnce() throws Exception {
    var printed = new ByteArrayOutputStream();
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"))) {
      Thread follower = new Thread(() -> follow(broker.address(), printed));
      List<Path> runs = List.of(directory.resolve("a/r1"), directory.resolve("b/r1"));
      for (Path run : runs) {
        train(run, broker.address());
        ship(again(run), broker.address());
      }
      ship(last(), broker.address());

      follower.start();
      while (follower.isAlive() && !printed.toString(UTF_8).contains(LAST_LINE)) {
        Thread.sleep(50);
      }
      follower.interrupt();
      follower.join();

      List<String> expected = new ArrayList<>();
      for (Path run : runs) {
        expected.addAll(evaluations(run));
      }
      expected.add(LAST_LINE);
      assertThat(printed.toString(UTF_8).lines()).containsExactlyElementsOf(expected);
    }
  }

  private static void follow(String broker, ByteArrayOutputStream printed) {
    try {
      LossFollower.follow(broker, new PrintStream(printed, true, UTF_8));
    } catch (InterruptException e) {
      assertThat(printed.size()).isPositive();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void train(Path run, String broker) throws IOException {
    List<String> overrides = List.of("train.epochs=3", "data.validation=10%");
    ResolvedRecipe recipe = new RecipeLoader().load("digits", overrides);
    PreparedRun prepared = PreparedRun.of(recipe.config(), DataHome.of(directory));
    try (RunDirectory at = RunDirectory.create(run, recipe.text());
        RunSession session =
            RunSession.start(
                new RunSession.Request(
                    prepared,
                    recipe.text(),
                    at,
                    directory,
                    Optional.of(BrokerAccess.of(broker)),
                    event -> {},
                    notice -> {},
                    warning -> {}))) {
      session.await();
    }
  }

  /** The same outbox without the memory of what was shipped. */
  private Path again(Path run) throws IOException {
    Path copy = Files.createTempDirectory(directory, "again");
    Files.copy(run.resolve(Outbox.FILE_NAME), copy.resolve(Outbox.FILE_NAME));
    return copy;
  }

  private Path last() throws IOException {
    Path run = directory.resolve("last");
    try (Outbox outbox = Outbox.open(run, new RunId("last"), Clock.systemUTC())) {
      outbox.append(new EvaluationCompleted(1, 0, "test", "final", 1, 0.5, 10, 0));
    }
    return run;
  }

  private static void ship(Path run, String broker) throws IOException {
    try (Shipper shipper = Shipper.start(run, () -> Optional.of(BrokerAccess.of(broker)))) {
      long untilNs = System.nanoTime() + LIMIT.toNanos();
      while (!shipper.drain(LIMIT)) {
        assertThat(System.nanoTime()).as("events must be shipped").isLessThan(untilNs);
      }
    }
  }

  private static List<String> evaluations(Path run) throws IOException {
    List<String> lines = new ArrayList<>();
    RunId id = RunIdFile.read(run);
    for (String line : Files.readAllLines(run.resolve(Outbox.FILE_NAME))) {
      JsonNode event = new ObjectMapper().readTree(line);
      if (event.path("type").asText().equals("io.espalier.evaluation.completed.v1")) {
        JsonNode data = event.path("data");
        lines.add("%s step %s loss %s".formatted(id, data.path("step"), data.path("loss")));
      }
    }
    assertThat(lines).hasSizeGreaterThan(4);
    return lines;
  }
}
