package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Commands and options that documents show, those of benches too, are those that there are. */
class CommandsInDocsTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Pattern SCRIPT = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final Pattern CALL =
      Pattern.compile("(?:\\./|/opt/espalier/)espalier((?: +(?!&)[^\\s#;|()&]+)+)", Pattern.DOTALL);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "docs/analyse.md",
        "docs/commands.md",
        "docs/prune.md",
        "docs/recipes.md",
        "docs/results.md",
        "docs/service.md",
        "docs/sparse.md",
        "docs/federation.md",
        "docs/deploy/README.md"
      })
  void commands_inDocs_exist(String document) throws IOException {
    String text = Files.readString(ROOT.resolve(document));
    List<String> calls =
        SCRIPT
            .matcher(text)
            .results()
            .map(script -> script.group(1).replace("\\\n", ""))
            .flatMap(script -> CALL.matcher(script).results())
            .map((MatchResult call) -> call.group(1).strip())
            .toList();

    assertThat(calls).isNotEmpty().allSatisfy(CommandsInDocsTest::verify);
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
