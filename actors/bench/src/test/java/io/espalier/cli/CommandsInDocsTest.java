package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Commands and options that documents show, those of benches too, are those that there are. */
class CommandsInDocsTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Pattern SCRIPT = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)`.*$");
  private static final Pattern OPTION = Pattern.compile("--[a-z-]+");
  private static final Pattern CALL =
      Pattern.compile("(?:\\./|/opt/espalier/)espalier((?: +(?!&)[^\\s#;|()&]+)+)", Pattern.DOTALL);

  static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".md")).sorted().toList()) {
        if (!calls(file).isEmpty()) {
          documents.add(file);
        }
      }
    }
    return documents;
  }

  @ParameterizedTest
  @MethodSource("documents")
  void commands_inDocs_exist(Path document) throws IOException {
    assertThat(calls(document)).isNotEmpty().allSatisfy(CommandsInDocsTest::verify);
  }

  private static List<String> calls(Path document) throws IOException {
    return SCRIPT
        .matcher(Files.readString(document))
        .results()
        .map(script -> script.group(1).replace("\\\n", ""))
        .flatMap(script -> CALL.matcher(script).results())
        .map((MatchResult call) -> call.group(1).strip())
        .toList();
  }

  @Test
  void table_ofCommands_namesAllBenchesAndOptionsThatExist() throws IOException {
    String table = Files.readString(ROOT.resolve("docs/commands.md"));
    List<String> benches =
        ROW.matcher(table)
            .results()
            .map(row -> row.group(1))
            .filter(row -> row.startsWith("bench "))
            .flatMap(row -> Arrays.stream(row.substring("bench ".length()).split("\\\\\\|")))
            .toList();
    assertThat(benches)
        .containsExactlyInAnyOrderElementsOf(command("bench").getSubcommands().keySet());
    for (String command : List.of("train", "report", "evaluate")) {
      List<String> options =
          ROW.matcher(table)
              .results()
              .filter(row -> row.group(1).startsWith(command + " "))
              .flatMap(row -> OPTION.matcher(row.group()).results())
              .map(MatchResult::group)
              .toList();
      assertThat(command(command).getCommandSpec().optionsMap())
          .as(command)
          .containsKeys(options.toArray(String[]::new));
      if (command.equals("train")) {
        assertThat(options).contains("--extend", "--learning-rate", "--compare");
      }
    }
  }

  @Test
  void commandsOfAService_withoutJson_areThoseThatTheDocumentNames() throws IOException {
    String document = Files.readString(ROOT.resolve("docs/service.md"));
    MatchResult script = SCRIPT.matcher(document).results().findFirst().orElseThrow();
    List<String> without =
        CALL.matcher(script.group(1))
            .results()
            .map(call -> call.group(1).strip().split(" ", -1)[0])
            .distinct()
            .filter(name -> !name.equals("serve"))
            .filter(name -> !hasJson(command(name)))
            .toList();

    assertThat(document)
        .containsPattern(
            "All but\\s+`%s` and `data delete` have `--json`"
                .formatted(String.join("`, `", without)));
  }

  private static CommandLine command(String name) {
    return Objects.requireNonNull(Espalier.commandLine().getSubcommands().get(name), name);
  }

  private static boolean hasJson(CommandLine command) {
    return command.getCommandSpec().optionsMap().containsKey("--json");
  }

  private static void verify(String call) {
    CommandLine command = Espalier.commandLine();
    for (String word : call.split(" +", -1)) {
      Optional<CommandLine> below = Optional.ofNullable(command.getSubcommands().get(word));
      command = below.orElse(command);
      if (word.startsWith("--")) {
        assertThat(command.getCommandSpec().optionsMap()).as(call).containsKey(word);
      }
    }
    assertThat(command.getParent() != null || call.startsWith("--")).as(call).isTrue();
  }
}
