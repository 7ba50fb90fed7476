package io.espalier.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench prune} on a small file: what it measures and leaves, not how fast it is. */
class BenchPruneTest {
  @TempDir private Path out;

  @Test
  void bench_smallFile_leavesARateOfEachWay_andNoFile() throws IOException {
    CommandRun run =
        CommandRun.of(
            "bench", "prune", "--megabytes", "8", "--rounds", "1", "--out", out.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    JsonNode figures = new ObjectMapper().readTree(out.resolve("results.json").toFile());
    assertThat(figures).hasSize(4);
    for (JsonNode figure : figures) {
      assertThat(figure.get("median").asDouble()).isPositive();
      assertThat(figure.get("budget").asText()).isEqualTo("≥ 0.50");
    }
    try (Stream<Path> left = Files.list(out)) {
      assertThat(left.map(each -> each.getFileName().toString()))
          .containsExactlyInAnyOrder("table.md", "results.json");
    }
  }

  @Test
  void bench_noRounds_isRefused() {
    CommandRun run = CommandRun.of("bench", "prune", "--rounds", "0");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--rounds must be 1 or more");
  }
}
