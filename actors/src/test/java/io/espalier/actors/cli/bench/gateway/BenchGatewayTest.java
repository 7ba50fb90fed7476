package io.espalier.actors.cli.bench.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.espalier.actors.cli.bench.wire.BenchWireCommand;
import io.espalier.actors.cli.host.RefusedException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

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
    assertThat(directory.resolve("table.md")).content().contains("20 idle clients, plaintext");
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

  @Test
  void openFiles_fewerThanTheConnections_nameTheWayOut() {
    // When
    RefusedException refusal =
        assertThrows(RefusedException.class, () -> OpenFiles.require(2_000_000_000));

    // Then
    assertThat(refusal).hasMessageContaining("ulimit -n 2000000512");
  }
}
