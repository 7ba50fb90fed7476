package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tokenizer that would end the process is refused, from a recipe and from a model file. */
final class HostileTokenizerTest {
  @TempDir private Path directory;

  private CommandRun train(String tokenizer) throws IOException {
    Files.writeString(directory.resolve("tokenizer.json"), tokenizer);
    Files.writeString(
        directory.resolve("rows.csv"),
        "words,kind\n" + "one two,few\nthree four,many\ntwo,few\nfour,many\n".repeat(10));
    Path recipe =
        Files.writeString(
            directory.resolve("texts.conf"),
            """
            data { kind = labelled-text, path = "%1$s/rows.csv", text = words, label = kind, context = 4, batch-size = 16
                   vocabulary = "%1$s/tokenizer.json" }
            model { kind = text-classifier, layers = 1, features = 8, heads = 2 }
            train { epochs = 1, trainers = 1 }
            """
                .formatted(directory));
    return CommandRun.of("train", recipe.toString(), "--out", directory.resolve("run").toString());
  }

  @Test
  void recipe_withAnEmptyPattern_isRefusedByItsKey() throws IOException {
    CommandRun run = train(SmallTokenizer.EMPTY_PATTERN);

    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err())
        .contains("data.vocabulary", "normalizer.normalizers[1].pattern.String=\"\"");
  }

  @Test
  void recipe_whoseTokenizerEndsItsProcess_isRefusedByATrial() throws IOException {
    CommandRun run = train(SmallTokenizer.EMPTY_TOKEN);

    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains("in a process of its own first", "exit code 134");
  }

  private CommandRun withModelChanged(String command, String pattern, String change)
      throws IOException {
    Path model = directory.resolve("run/model.safetensors");
    String bytes = Files.readString(model, StandardCharsets.ISO_8859_1);
    String changed = bytes.replaceFirst(pattern, change);
    assertThat(changed).isNotEqualTo(bytes).hasSameSizeAs(bytes);
    Files.writeString(model, changed, StandardCharsets.ISO_8859_1);
    return CommandRun.of(
        command,
        directory.resolve("run").toString(),
        command.equals("predict")
            ? directory.resolve("rows.csv").toString()
            : "--data-path=" + directory.resolve("rows.csv"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"predict", "evaluate"})
  void modelFile_withAnEmptyPattern_isRefused(String command) throws IOException {
    assertThat(train(SmallTokenizer.JSON).exitCode()).isZero();

    CommandRun run =
        withModelChanged(
            command, "(String\\\\+\":\\\\+\")q(\\\\+\"},\\\\+\"content\\\\+\":\\\\+\")", "$1$2q");

    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains("normalizer.normalizers[1].pattern.String=\"\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"predict", "evaluate"})
  void modelFile_whoseTokenizerEndsItsProcess_isRefusedByATrial(String command) throws IOException {
    assertThat(train(SmallTokenizer.CONTROL_TOKEN).exitCode()).isZero();

    CommandRun run = withModelChanged(command, "(normalized\\\\+\": )false", "$1true ");

    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains("in a process of its own first", "exit code 134");
  }
}
