package io.espalier.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench masks} on few units: what it measures and leaves, not how fast it is. */
class BenchMasksTest {
  @TempDir private Path out;

  @Test
  void bench_fewUnits_leavesEveryFigureBesideItsBudget() throws IOException {
    CommandRun run = bench("--units", "30000", "--rounds", "2");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    String table = Files.readString(out.resolve("table.md"));
    assertThat(run.out()).contains(table, "selection from 30,000 scores, 2 rounds");
    assertThat(table)
        .contains("threshold and ties (4 % are left, keep 2 %) / reading the scores twice")
        .contains("RigL, exchange of 30 % at density 0.02")
        .contains("30,000 units in 1 mask ", "30,000 units in 54 masks");
    JsonNode figures = new ObjectMapper().readTree(out.resolve("results.json").toFile());
    assertThat(figures).hasSize(12 + 16 + 8 + 8 + 8);
    for (JsonNode figure : figures) {
      assertThat(figure.get("median").asDouble()).isPositive();
      assertThat(figure.has("holds")).isEqualTo(figure.has("budget"));
    }
  }

  @Test
  void bench_masksOfOneParameter_areNearTheirEntropy() throws IOException {
    bench("--units", "1000000", "--rounds", "1");

    for (JsonNode figure : new ObjectMapper().readTree(out.resolve("results.json").toFile())) {
      if (figure.get("network").asText().endsWith("in 1 mask")) {
        assertThat(figure.get("median").asDouble()).isBetween(1.0, 1.1);
      }
    }
  }

  @Test
  void bench_asJson_printsNothingElseToStdout() throws IOException {
    CommandRun run = bench("--units", "20000", "--rounds", "1", "--json");

    assertThat(run.out()).isEqualTo(Files.readString(out.resolve("results.json")));
    assertThat(run.err()).contains("selection from");
  }

  @Test
  void bench_tooFewOrTooManyUnits_areRefused() {
    CommandRun few = bench("--units", "19999");
    CommandRun many = bench("--units", "2000000000");

    assertThat(few.exitCode()).isEqualTo(2);
    assertThat(few.err()).contains("--units must be 20000 or more", "units=19999");
    assertThat(many.exitCode()).isEqualTo(2);
    assertThat(many.err()).contains("units=2000000000", "ESPALIER_JAVA_OPTS=-Xmx");
    assertThat(out).isEmptyDirectory();
  }

  @Test
  void bench_directoryThatCannotBeMade_isRefused() {
    CommandRun run = CommandRun.of("bench", "masks", "--out=/proc/x");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("writ", "/proc/x", "choose another");
  }

  private CommandRun bench(String... options) {
    List<String> arguments = new ArrayList<>(List.of("bench", "masks", "--out", out.toString()));
    arguments.addAll(List.of(options));
    return CommandRun.of(arguments.toArray(String[]::new));
  }
}
