package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.Recipes;
import io.espalier.console.FailureReport;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class EspalierTest {
  static Stream<String> commands() {
    return Espalier.commandLine().getSubcommands().keySet().stream()
        .filter(name -> !name.equals("help"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommand_takesHelp(String command) {
    CommandRun run = CommandRun.of(command, "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("Usage: espalier " + command);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void version_namesProgramAndJava() {
    CommandRun run = CommandRun.of("--version");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("espalier ").contains("\njava 17");
  }

  @Test
  void noCommand_printsUsageToStderr() {
    CommandRun run = CommandRun.of();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("Usage: espalier").contains("recipes", "inspect", "130");
  }

  @Test
  void misspeltCommand_suggestsTheRightOne() {
    CommandRun run = CommandRun.of("recipies");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("'recipies'").contains("espalier recipes");
  }

  @Test
  void unknownOption_pointsToHelp() {
    CommandRun run = CommandRun.of("recipes", "--colour");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("espalier: Unknown option: '--colour'");
  }

  @Test
  void completion_isAScriptForBash() {
    CommandRun run = CommandRun.of("generate-completion");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("complete -F").contains("espalier");
  }

  @Test
  void recipes_withoutName_listsAllWithSummaries() {
    List<String> lines =
        CommandRun.of("recipes").out().lines().filter(line -> !line.startsWith(" ")).toList();

    assertThat(lines).hasSameSizeAs(Recipes.names());
    assertThat(lines.get(0)).matches("quickstart +Prunes 95 %.*");
  }

  @Test
  void recipes_json_isAnArrayOfNamesAndSummaries() {
    assertThat(CommandRun.of("recipes", "--json").out())
        .startsWith("[")
        .contains("\"name\" : \"soft\"", "\"summary\" : ");
  }

  @Test
  void recipe_printed_loadsToTheShippedOne() {
    String text = CommandRun.of("recipes", "gradual").out();

    RecipeLoader loader = new RecipeLoader();
    assertThat(loader.parse("printed", text, List.of()).config())
        .isEqualTo(loader.load("gradual", List.of()).config());
    assertThat(Optional.of(text)).isEqualTo(Recipes.text("gradual"));
  }

  @Test
  void recipe_unknown_isRefusedWithTheShippedNames() {
    CommandRun run = CommandRun.of("recipes", "fast");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("espalier: recipe must be a shipped one: recipe=fast; shipped: quickstart,");
  }

  @Test
  void train_invalidOverrides_listsAllProblemsWithoutStackTrace(@TempDir Path directory) {
    CommandRun run =
        CommandRun.of(
            "train",
            "digits",
            "--out",
            directory.resolve("run").toString(),
            "-D",
            "prune.sparsity=2",
            "-D",
            "train.epoch=3");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("prune.sparsity", "train.epoch")
        .doesNotContain("\tat ", "Exception");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void fileThatCannotBeWritten_isToldWithAWayOut() {
    FileSystemException full = new FileSystemException("report.html", null, "no space left");
    for (Exception thrown : List.of(full, new UncheckedIOException(full))) {
      CommandLine broken =
          new CommandLine(new Broken())
              .setExecutionExceptionHandler(
                  (e, command, parsed) ->
                      FailureReport.ofEnvironment(Map.of()).failure(thrown, command, parsed));

      CommandRun run = CommandRun.of(broken);

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err())
          .contains("report.html: no space left; make room, or choose another place")
          .doesNotContain("unexpected");
    }
  }

  @Test
  void placeThatCannotBeWritten_isNotToldToMakeRoom() {
    FileSystemException thrown = new FileSystemException("out", null, "Read-only file system");
    CommandLine broken =
        new CommandLine(new Broken())
            .setExecutionExceptionHandler(
                (e, command, parsed) ->
                    FailureReport.ofEnvironment(Map.of()).failure(thrown, command, parsed));

    CommandRun run = CommandRun.of(broken);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("out: Read-only file system; choose another place, or mend this one")
        .doesNotContain("make room");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bad topic!", "..", "", "a/b"})
  void topicThatKafkaDoesNotTake_isRefusedWithTheRule(String topic) {
    CommandRun published =
        CommandRun.of("stream", "publish", "digits", "--topic", topic, "--kafka", "127.0.0.1:1");
    CommandRun trained =
        CommandRun.of("train", "stream", "--dry-run", "-D", "data.topic=\"" + topic + "\"");

    for (CommandRun run : List.of(published, trained)) {
      assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
      assertThat(run.err())
          .contains("the name of a topic: 1 to 249 letters, digits, dots, underscores and hyphens")
          .doesNotContain("make room", "Exception");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1"})
  void unexpectedFailure_isOneLine_unlessDebugged(String debug) {
    FailureReport failures = FailureReport.ofEnvironment(Map.of(FailureReport.DEBUG, debug));
    CommandLine broken =
        new CommandLine(new Broken()).setExecutionExceptionHandler(failures::failure);

    CommandRun run = CommandRun.of(broken);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("unexpected failure: IllegalStateException: pump is dry\n");
    assertThat(run.err().contains("\tat ")).isEqualTo(!debug.isEmpty());
    assertThat(run.err().contains("Set ESPALIER_DEBUG=1")).isEqualTo(debug.isEmpty());
  }

  @Command(name = "broken")
  private static final class Broken implements Runnable {
    @Override
    public void run() {
      throw new IllegalStateException("pump is dry\nwith more to say");
    }
  }
}
