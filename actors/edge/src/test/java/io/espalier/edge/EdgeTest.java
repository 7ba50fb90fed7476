package io.espalier.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.console.Program;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EdgeTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Program.run(
        Edge.commandLine(), new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "edge --help", "enrol --help"})
  void help_fitsATerminal(String arguments) {
    int exitCode = run(arguments.split(" "));

    assertThat(exitCode).isZero();
    assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
    assertThat(out.toString()).contains("java -jar espalier-edge.jar");
  }

  @Test
  void help_namesTheCommandsOfADevice() {
    run("--help");

    assertThat(out.toString()).contains("\n  enrol ", "\n  edge ").doesNotContain("\n  train ");
  }

  @Test
  void optionThatCannotBe_isRefusedWithTheRule() {
    int exitCode = run("edge", "--server", "127.0.0.1:1", "--data", "digits", "--density-cap=2");

    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("espalier: ")
        .contains("a share must be above 0 and up to 1")
        .contains("Try 'java -jar espalier-edge.jar edge --help'.");
  }

  @Test
  void fault_thatTheUserCanCorrect_isOneLine() {
    int exitCode = run("edge", "--server", "127.0.0.1:1", "--data", "digits", "--plaintext");

    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "espalier: --plaintext and --name must come together: with certificates the name is in"
                + " them, without them each device needs one of its own");
  }
}
