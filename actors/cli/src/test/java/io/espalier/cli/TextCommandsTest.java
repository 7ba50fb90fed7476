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
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
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
    trainLabelled();
  }

  private static void trainLabelled() throws IOException {
    Path rows = directory.resolve("rows.csv");
    Files.writeString(
        rows, "words,kind\n" + "one two,few\nthree four,many\ntwo,few\nfour,many\n".repeat(20));
    ResolvedRecipe recipe =
        new RecipeLoader()
            .parse(
                "labelled.conf",
                """
                data { kind = labelled-text, path = "%s", text = words, label = kind, context = 12, batch-size = 16 }
                model { kind = text-classifier, layers = 1, features = 8, heads = 2 }
                train { epochs = 20, optimizer = adam, learning-rate { kind = cosine, initial = 0.02 } }
                prune { sparsity = 30%% }
                """
                    .formatted(rows),
                List.of());
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    Path out = Files.createDirectory(directory.resolve("labelled"));
    ModelFile.write(
        out.resolve("model.safetensors"),
        run,
        TrainingLoop.run(run, LoopListener.NONE).committed(),
        recipe.text());
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
        .startsWith("next token right ")
        .contains(", perplexity ", "bits per character on the test set")
        .doesNotContain("accuracy");
  }

  @Test
  void evaluate_ofAnotherText_countsAllOfIt() throws IOException {
    Path other = Files.writeString(directory.resolve("other"), "three two one four ".repeat(3));

    JsonNode facts =
        Json.STRICT.readTree(
            succeed("evaluate", "--json", path("run"), "--data-path", other.toString()).out());

    assertThat(facts.get("examples").intValue()).isEqualTo(7 * 8);
    assertThat(facts.get("data").textValue()).isEqualTo(other.toString());
    assertThat(facts.get("bitsPerCharacter").doubleValue())
        .isEqualTo(facts.get("loss").doubleValue() / Math.log(2), within(1e-12));
    CommandRun text = succeed("evaluate", path("run"), "--data-path", other.toString());
    assertThat(text.out()).contains("bits per character on all of " + other);
    assertThat(text.err()).doesNotContain("--labels");
    assertThat(succeed("evaluate", path("run"), "--data-path", path("text")).out())
        .contains("on the test set of text");
    assertThat(
            CommandRun.of(
                    "evaluate", path("run"), "--data-path", other.toString(), "--labels", "kind")
                .err())
        .contains("--labels must be left away for a network of the next tokens of a text");
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
    assertThat(CommandRun.of("generate", path("labelled"), "one").err())
        .contains("a network must have learned the next tokens of a text to continue one");
  }

  @Test
  void predict_ofTexts_continuesEach() throws IOException {
    Path texts = Files.createDirectories(directory.resolve("texts"));
    Files.writeString(texts.resolve("a"), "one two th");
    Files.writeString(texts.resolve("b"), "three fo");

    String csv = succeed("predict", path("run"), path("texts"), "--length", "3").out();

    assertThat(csv).startsWith("row,file,continuation,probability\n1,");
    assertThat(csv).contains("/texts/a,ree,0.").contains("/texts/b,ur ,0.");
    Files.writeString(texts.resolve("c"), "ONE");
    CommandRun unknown = CommandRun.of("predict", path("run"), path("texts"));
    assertThat(unknown.err()).contains("/texts/c: INPUT: a text must have characters");
    assertThat(CommandRun.of("predict", path("run"), path("texts"), "--top", "2").err())
        .contains("--top must be 1 for a network that continues texts: top=2");
    Files.delete(texts.resolve("c"));
  }

  @Test
  void predict_ofLabelledTexts_namesTheirClasses() throws IOException {
    Files.writeString(directory.resolve("new.csv"), "id,words\n7,one two one\n8,four\n");

    String csv = succeed("predict", path("labelled"), path("new.csv"), "--top", "2").out();

    assertThat(csv).startsWith("row,label,probability,label2,probability2\n1,few,");
    assertThat(csv).contains("\n2,many,");
    assertThat(
            succeed(
                    "evaluate",
                    path("labelled"),
                    "--data-path",
                    path("rows.csv"),
                    "--labels",
                    "kind")
                .out())
        .startsWith("accuracy 100.00 % (80 of 80)");
  }

  /** 600 MB of zeros in a file of less than one. */
  @Test
  void texts_thatUnfoldWithoutEnd_areRefused() throws IOException {
    Path zeros = directory.resolve("zeros.txt.gz");
    byte[] piece = new byte[1 << 20];
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zeros))) {
      for (int i = 0; i < 572; i++) {
        out.write(piece);
      }
    }
    for (List<String> command :
        List.of(
            List.of("evaluate", path("run"), "--data-path", zeros.toString()),
            List.of("predict", path("labelled"), zeros.toString()),
            List.of("train", "char-lm", "--dry-run", "-D", "data.path=\"" + zeros + "\""))) {
      CommandRun run = CommandRun.of(command.toArray(String[]::new));

      assertThat(run.exitCode()).as("%s: %s", command, run.err()).isEqualTo(2);
      assertThat(run.err()).contains(zeros + ": ", "text").doesNotContain("out of memory");
    }
  }

  @Test
  void analyse_sharpness_isThatOfEveryPosition() throws IOException {
    CommandRun run =
        succeed("analyse", path("run"), "--only", "sharpness", "--examples", "20", "--json");

    assertThat(
            Json.STRICT
                .readTree(run.out())
                .at("/findings/sharpness/figures/eigenvalue/value")
                .doubleValue())
        .isPositive();
  }

  @Test
  void export_sparse_isEvaluatedOnKeptWeights() throws IOException {
    succeed("export", path("run"), "--format", "sparse", "-o", path("sparse"));

    JsonNode facts = Json.STRICT.readTree(succeed("evaluate", "--json", path("sparse")).out());

    assertThat(facts.get("loss").doubleValue()).isEqualTo(finished.test().loss(), within(1e-6));
  }
}
