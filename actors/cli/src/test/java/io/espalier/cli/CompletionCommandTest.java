package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bash offers with the printed script. */
class CompletionCommandTest {
  private static final String SHOW =
      """
      source "$1"; shift
      complete -p espalier
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
      compopt() { echo "compopt $*"; }
      _complete_espalier_keys
      printf '%s\n' "${COMPREPLY[@]}"
      """;

  @TempDir private Path directory;

  @Test
  void completion_ofRecipesFormatsAndKeys_offersThem() throws IOException, InterruptedException {
    Path script =
        Files.writeString(
            directory.resolve("completion"), CommandRun.of("generate-completion").out());

    assertThat(offered(script, "train", "grad"))
        .contains("complete -o default -F _complete_espalier_keys espalier", "gradual");
    assertThat(offered(script, "submit", "fed-")).contains("fed-digits");
    assertThat(offered(script, "recipes", "char-lm-d")).contains("char-lm-dense");
    assertThat(offered(script, "recipes", "--reference", "prune.sch")).contains("prune.schedule");
    assertThat(offered(script, "train", "digits", "-D", "train.opt"))
        .contains("train.optimizer=", "train.optimizer.kind=", "train.optimizer.momentum=");
    assertThat(offered(script, "train", "digits", "-D", "train.ep"))
        .contains("compopt -o nospace", "train.epochs=");
    assertThat(offered(script, "export", "--format", "on")).contains("onnx");
    assertThat(offered(script, "predict", "--format", "js")).contains("json");
  }

  private static List<String> offered(Path script, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", "-c", SHOW, "bash", script.toString()));
    command.add("espalier");
    command.addAll(List.of(words));
    Process bash = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(printed).isZero();
    return printed.lines().toList();
  }
}
