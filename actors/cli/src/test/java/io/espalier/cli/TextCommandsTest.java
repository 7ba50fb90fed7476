package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.file.Json;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evaluate}, {@code generate} and {@code export} of a network that has learned a text. */
final class TextCommandsTest {
  @TempDir private static Path directory;
  private static FinishedRun finished;

  @BeforeAll
  static void train() throws IOException {
    Path text = Files.writeString(directory.resolve("text"), "one two three four ".repeat(60));
    ResolvedRecipe recipe =
        new RecipeLoader()
            .parse(
                "text.conf",
                """
                data { kind = text, path = "%s", context = 8, batch-size = 16 }
                model { kind = char-lm, layers = 1, features = 16, heads = 2 }
                train { epochs = 15, optimizer = adam, learning-rate { kind = cosine, initial = 0.02 } }
                prune { sparsity = 30%% }
                """
                    .formatted(text),
                List.of());
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    finished = TrainingLoop.run(run, LoopListener.NONE);
    Path out = Files.createDirectory(directory.resolve("run"));
    ModelFile.write(out.resolve("model.safetensors"), run, finished.committed(), recipe.text());
  }

  private static CommandRun succeed(String... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private static String path(String name) {
    return directory.resolve(name).toString();
  }

  @Test
  void evaluate_ofTheRun_countsNextTokens() throws IOException {
    JsonNode facts = Json.STRICT.readTree(succeed("evaluate", "--json", path("run")).out());

    assertThat(facts.get("loss").doubleValue()).isEqualTo(finished.test().loss());
    assertThat(facts.get("bitsPerCharacter").doubleValue())
        .isEqualTo(facts.get("loss").doubleValue() / Math.log(2), within(1e-12));
    assertThat(facts.get("perplexity").doubleValue())
        .isEqualTo(Math.exp(facts.get("loss").doubleValue()), within(1e-12));
    assertThat(succeed("evaluate", path("run")).out())
        .contains("bits per character on the test set");
  }

  @Test
  void generate_fromABeginning_continuesItTheSameEachTime() {
    String text = succeed("generate", path("run"), "one t", "--length", "30").out();

    assertThat(text.strip().length()).isBetween(34, 35);
    assertThat(text)
        .startsWith("one t")
        .isEqualTo(succeed("generate", path("run"), "one t", "--length", "30").out());
    assertThat(succeed("generate", path("run"), "one t", "--temperature", "0").out())
        .contains("two three four one");
  }

  @Test
  void generate_whatItCannotContinue_isRefused() {
    assertThat(CommandRun.of("generate", path("run"), "ONE").err())
        .contains("a text must have characters that the network was trained on: character=O");
    assertThat(CommandRun.of("generate", path("run"), "").err())
        .contains("a text must have a character");
    assertThat(CommandRun.of("generate", path("run"), "one", "--length", "0").err())
        .contains("--length must be from 1 to 1000000: length=0");
    assertThat(CommandRun.of("predict", path("run"), path("text")).err())
        .contains("espalier generate");
  }

  @Test
  void export_sparse_isEvaluatedOnTheEngine() throws IOException {
    succeed("export", path("run"), "--format", "sparse", "-o", path("sparse"));

    JsonNode facts = Json.STRICT.readTree(succeed("evaluate", "--json", path("sparse")).out());

    assertThat(facts.get("loss").doubleValue()).isEqualTo(finished.test().loss());
  }
}
