package io.espalier.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchHostileTest {
  private static final int EACH = 8;

  @TempDir private Path directory;

  @Test
  void files_ofEveryKind_areReadOrRefused() throws Exception {
    // Given
    StringWriter out = new StringWriter();
    int kinds = InputKind.values().length;

    // When
    int exit =
        new CommandLine(new BenchHostileCommand())
            .setOut(new PrintWriter(out))
            .execute("--inputs", String.valueOf(EACH * kinds), "--out", directory.toString());

    // Then
    assertThat(exit).as(out.toString()).isZero();
    JsonNode results = new ObjectMapper().readTree(directory.resolve("results.json").toFile());
    assertThat(results).hasSize(kinds);
    for (JsonNode each : results) {
      assertThat(each.path("inputs").asInt()).isEqualTo(EACH);
      assertThat(each.path("read").asInt() + each.path("refused").asInt()).isEqualTo(EACH);
      assertThat(each.path("peakBytes").asLong()).isPositive();
    }
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("table.md", "results.json");
  }
}
