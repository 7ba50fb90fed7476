package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.event.TrainingEvent;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.espalier.telemetry.kafka.TopicWriter;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.stream.RecordFormat;
import io.espalier.trainer.stream.TextFormat;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs on texts of a topic, of a broker in this process. */
final class TextStreamTest {
  private static final int PARTITIONS = 2;
  private static final int RECORDS = 700;
  private static final String LANGUAGE_MODEL =
      """
      name = t
      data { kind = kafka, context = 8, batch-size = 4, window = 6 }
      model { kind = char-lm, layers = 1, features = 8, heads = 2 }
      train { samples = 400, trainers = 2, sync-every = 2, checkpoint-every = 10
              evaluate-every = 20%, optimizer { kind = adamw }
              learning-rate { kind = constant, initial = 0.01 } }
      prune { sparsity = 50%, exclude = ["tokens.*"]
              schedule { kind = cubic, begin = 10%, end = 75%, updates = 4 } }
      """;
  private static final String CLASSIFIER =
      LANGUAGE_MODEL
          + """
            data.classes = [low, high]
            model = null, model { kind = text-classifier, layers = 1, features = 8, heads = 2 }
            """;

  private static EmbeddedBroker broker;

  @TempDir private static Path shared;
  @TempDir private Path directory;
  private final List<Event> events = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(shared.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  private static BrokerAccess access() {
    return BrokerAccess.of(broker.address());
  }

  /**
   * Writes records, every ninth of them malformed; a part of one text is plain every other time.
   */
  private static void write(String topic, boolean labelled, int from, int to) throws IOException {
    try (TopicWriter writer = TopicWriter.open(access(), topic, PARTITIONS)) {
      writer.skipTo(from);
      for (int record = from; record < to; record++) {
        Random random = new Random(record);
        boolean high = random.nextBoolean();
        String text = text(random, high);
        if (record % 9 == 3) {
          send(writer, "{\"label\": \"low\"}", RecordFormat.JSON);
        } else if (labelled) {
          send(
              writer,
              "{\"text\": \"%s\", \"label\": %d}".formatted(text, high ? 1 : 0),
              RecordFormat.JSON);
        } else if (record % 2 == 0) {
          send(writer, "{\"text\": \"%s\"}".formatted(text), RecordFormat.JSON);
        } else {
          send(writer, text, TextFormat.PLAIN);
        }
      }
      writer.flush();
    }
  }

  private static void send(TopicWriter writer, String value, String type) throws IOException {
    writer.send(value.getBytes(StandardCharsets.UTF_8), type);
  }

  private static String text(Random random, boolean high) {
    return IntStream.range(0, 1 + random.nextInt(20))
        .mapToObj(i -> String.valueOf((char) ((high ? 'p' : 'a') + random.nextInt(8))))
        .collect(Collectors.joining());
  }

  private static ResolvedRecipe recipe(String topic, boolean labelled) {
    return new RecipeLoader()
        .parse("t.conf", labelled ? CLASSIFIER : LANGUAGE_MODEL, List.of("data.topic = " + topic));
  }

  private RunSession start(ResolvedRecipe recipe, RunDirectory at) throws IOException {
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(Path.of("none")));
    return RunSession.start(
        new RunSession.Request(
            run,
            recipe.text(),
            at,
            shared,
            Optional.of(access()),
            events::add,
            notice -> {},
            warning -> {}));
  }

  private static FinishedRun finished(RunResult result) {
    return ((RunResult.Finished) result).run();
  }

  private <E extends Event> List<E> told(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stop_whileTheStreamIsSilent_theResumedRunEndsAsOneThatWasNever(boolean labelled)
      throws Exception {
    String topic = labelled ? "labelled" : "text";
    write(topic, labelled, 0, RECORDS);
    FinishedRun whole;
    ResolvedRecipe plain = recipe(topic, labelled);
    try (RunDirectory at = RunDirectory.create(directory.resolve("whole"), plain.text());
        RunSession session = start(plain, at)) {
      whole = finished(session.await());
    }
    assertThat(told(HostEvent.RecordsSkipped.class).get(0).reason())
        .isEqualTo("a record must have a text");
    assertThat(told(TrainingEvent.EvaluationCompleted.class))
        .isNotEmpty()
        .allMatch(evaluation -> evaluation.set().equals("hold-out"));
    events.clear();

    // Given a topic with the first of the same records
    String late = topic + "-late";
    int some = RECORDS / 3 + 1;
    ResolvedRecipe recipe = recipe(late, labelled);
    write(late, labelled, 0, some);
    RunResult stopped;
    try (RunDirectory at = RunDirectory.create(directory.resolve("run"), recipe.text());
        RunSession session = start(recipe, at)) {
      CompletableFuture<RunResult> end = CompletableFuture.supplyAsync(session::await);
      while (told(TrainingEvent.SyncCompleted.class).stream().noneMatch(s -> s.step() >= 14)) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      session.pause();
      stopped = end.get(120, TimeUnit.SECONDS);
    }
    write(late, labelled, some, RECORDS);

    // When it goes on
    FinishedRun resumed;
    try (RunDirectory at = RunDirectory.resume(directory.resolve("run"));
        RunSession session = start(recipe, at)) {
      resumed = finished(session.await());
    }

    // Then it has the bits of the run that was never stopped
    assertThat(stopped).isInstanceOf(RunResult.Paused.class);
    assertThat(resumed.committed().digest()).isEqualTo(whole.committed().digest());
    assertThat(resumed.test()).isEqualTo(whole.test());
    assertThat(resumed.committed().stream()).isEqualTo(whole.committed().stream());
  }
}
