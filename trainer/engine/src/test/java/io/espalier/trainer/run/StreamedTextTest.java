package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.KafkaConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.checkpoint.Checkpoint;
import io.espalier.trainer.checkpoint.Checkpoints;
import io.espalier.trainer.checkpoint.RunEpoch;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.stream.MemoryStream;
import io.espalier.trainer.stream.RecordFormat;
import io.espalier.trainer.stream.StreamRecord;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that arrive: a language model and a classifier. */
final class StreamedTextTest {
  private static final String LANGUAGE_MODEL =
      """
      name = t
      data { kind = kafka, topic = t, context = 8, batch-size = 4, window = 6 }
      model { kind = char-lm, layers = 1, features = 8, heads = 2 }
      train { samples = 200, trainers = 2, sync-every = 2, checkpoint-every = 4
              optimizer { kind = adamw }, learning-rate { kind = constant, initial = 0.01 } }
      prune { sparsity = 50%, exclude = ["tokens.*"]
              schedule { kind = cubic, begin = 10%, end = 75%, updates = 4 } }
      """;
  private static final String CLASSIFIER =
      LANGUAGE_MODEL
          + """
            data.classes = [low, high]
            model = null, model { kind = text-classifier, layers = 1, features = 8, heads = 2 }
            """;

  @TempDir private Path directory;

  private static PreparedRun prepared(String recipe) {
    return PreparedRun.of(
        new RecipeLoader().parse("t.conf", recipe, List.of()).config(),
        DataHome.of(Path.of("none")));
  }

  /** Words of a small vocabulary as records of 1 to 20 bytes, every ninth malformed. */
  private static MemoryStream stream(PreparedRun run, boolean labelled) {
    RecordFormat format =
        RecordFormat.of((KafkaConfig) run.config().data().source(), run.dataset());
    Random random = new Random(5);
    List<StreamRecord.Content> contents = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      boolean high = random.nextBoolean();
      String text = text(random, high);
      String json =
          i % 9 == 3
              ? "{\"label\": \"low\"}"
              : labelled
                  ? "{\"text\": \"%s\", \"label\": \"%s\"}".formatted(text, high ? "high" : "low")
                  : "{\"text\": \"%s\"}".formatted(text);
      contents.add(
          format.decode(Optional.empty(), Optional.of(json.getBytes(StandardCharsets.UTF_8))));
    }
    return MemoryStream.dealt(contents, 3);
  }

  private static String text(Random random, boolean high) {
    return IntStream.range(0, 1 + random.nextInt(20))
        .mapToObj(i -> String.valueOf((char) ((high ? 'p' : 'a') + random.nextInt(8))))
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void text_resumedFromAnyCheckpoint_givesTheSame(boolean labelled) throws IOException {
    PreparedRun declared = prepared(labelled ? CLASSIFIER : LANGUAGE_MODEL);
    PreparedRun run = declared.reading(stream(declared, labelled));
    Checkpoints checkpoints = Checkpoints.in(directory, run, "recipe", 1000, RunEpoch.locked(1));
    FinishedRun whole = TrainingLoop.run(run, keeping(checkpoints));
    int compared = 0;

    for (Optional<Checkpoint> found = checkpoints.latest(w -> {});
        found.isPresent();
        found = checkpoints.latest(w -> {})) {
      Checkpoint from = found.get();
      FinishedRun resumed =
          TrainingLoop.resume(run, from.committed(), from.traffic(), LoopListener.NONE);

      assertThat(resumed.committed().digest()).isEqualTo(whole.committed().digest());
      assertThat(resumed.committed().stream()).isEqualTo(whole.committed().stream());
      assertThat(resumed.test()).isEqualTo(whole.test());
      compared++;
      delete(directory.resolve(String.format("step-%010d", from.committed().step())));
    }
    assertThat(compared).isGreaterThanOrEqualTo(3);
    assertThat(whole.test().examples()).isEqualTo(labelled ? 6 : 6 * 8);
  }

  private static void delete(Path checkpoint) throws IOException {
    try (var files = Files.list(checkpoint)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(checkpoint);
  }

  private static LoopListener keeping(Checkpoints checkpoints) {
    return new LoopListener() {
      @Override
      public void committed(SyncOutcome outcome, Traffic traffic) {
        long step = outcome.commit().step();
        if (step > 0 && step % 8 == 0 && !outcome.commit().standsAlone()) {
          try {
            checkpoints.write(outcome.committed(), traffic, 0);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      }
    };
  }

  @Test
  void languageModel_ofAStream_isReadByBitsPerDeclaredCharacter() {
    PreparedRun bytes = prepared(LANGUAGE_MODEL);
    PreparedRun declared = prepared(LANGUAGE_MODEL + "data.characters-per-token = 4");

    assertThat(bytes.dataset().metric().bits(Math.log(2))).hasValue(1);
    assertThat(declared.dataset().metric().bits(Math.log(2))).hasValue(0.25);
    assertThat(prepared(CLASSIFIER).dataset().metric().bits(1)).isEmpty();
  }
}
