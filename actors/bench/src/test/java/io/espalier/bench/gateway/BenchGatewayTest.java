package io.espalier.bench.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.espalier.console.CommandRefusedException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Tag("slow")
final class BenchGatewayTest {
  @Test
  void benchGateway_ofFewClients_tellsWhatEachTakes(@TempDir Path directory) {
    // Given
    StringWriter out = new StringWriter();
    CommandLine command = new CommandLine(new BenchGatewayCommand());

    // When
    int exit =
        command
            .setOut(new PrintWriter(out))
            .execute("--connections", "20", "--rounds", "1", "--out", directory.toString());

    // Then
    assertThat(exit).isZero();
    assertThat(directory.resolve("table.md"))
        .content()
        .contains("20 idle clients, TLS 1.3", "20 idle clients, plaintext");
  }

  @Test
  void benchWire_againstAGatewayOfItsOwn_findsItHealthy() {
    // Given
    StringWriter out = new StringWriter();
    CommandLine command = new CommandLine(new BenchWireCommand());

    // When
    int exit = command.setOut(new PrintWriter(out)).execute("--seconds", "1");

    // Then
    assertThat(exit).isZero();
    assertThat(out.toString()).contains("a good client was answered throughout (seed 1)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999", "65536", "-1"})
  void benchWire_againstAnImpossiblePort_isRefused(String port) {
    // Given
    StringWriter err = new StringWriter();
    CommandLine command = new CommandLine(new BenchWireCommand());

    // When
    int exit = command.setErr(new PrintWriter(err)).execute("--port", port);

    // Then
    assertThat(exit).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--port must be 1 to 65535").contains("port=" + port);
  }

  @Test
  void openFiles_fewerThanTheConnections_nameTheWayOut() {
    // When
    CommandRefusedException refusal =
        assertThrows(
            CommandRefusedException.class,
            () -> BenchGatewayCommand.OpenFiles.require(2_000_000_000));

    // Then
    assertThat(refusal).hasMessageContaining("ulimit -n 2000000512");
  }
}
