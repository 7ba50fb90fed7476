package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The walk-through of docs/deploy starts a service. */
class DeployDocsTest {
  private static final Path DEPLOY = Path.of("..", "..", "docs", "deploy", "README.md");
  private static final Pattern SCRIPT = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final Pattern OPTIONS = Pattern.compile("SERVE_OPTIONS=([^'\n]*)");

  @Test
  void optionsOfServices_areThoseOfServe() throws IOException {
    List<String> all =
        OPTIONS.matcher(Files.readString(DEPLOY)).results().map(each -> each.group(1)).toList();

    assertThat(all).hasSizeGreaterThan(2);
    for (String options : all) {
      String[] arguments = ("serve " + options).split(" ", -1);
      assertThat(Espalier.commandLine().parseArgs(arguments).errors()).isEmpty();
    }
  }

  @Test
  void gateways_comeAfterTheirAuthority() throws IOException {
    List<String> scripts =
        SCRIPT
            .matcher(Files.readString(DEPLOY))
            .results()
            .map((MatchResult each) -> each.group(1))
            .filter(script -> script.contains("SERVE_OPTIONS=") && script.contains("--gateway"))
            .toList();

    assertThat(scripts).isNotEmpty();
    assertThat(scripts)
        .allSatisfy(script -> assertThat(script).containsSubsequence("federate init", "--gateway"));
  }
}
