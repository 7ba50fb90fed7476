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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench chaos} with real processes: what it does and finds, not how long it takes. */
@Tag("slow")
class BenchChaosTest {
  @TempDir private Path out;

  @Test
  void bench_fewKills_findsEveryRunTheSame() throws IOException {
    CommandRun run = bench("--kills=4", "--seed=1", "--json", "-Dtrain.epochs=3");

    assertThat(run.err())
        .contains(
            "4 kills, seed 1: 4 resumed to the same bytes, 4 to the same events,"
                + " 4 with each event on Kafka")
        .doesNotContain("DIFFERENT");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo(Files.readString(out.resolve("results.json")));
    JsonNode rows = new ObjectMapper().readTree(run.out());
    assertThat(rows.findValuesAsText("mask")).containsExactly("hard", "soft", "annealed", "hard");
    assertThat(rows.findValuesAsText("kills")).containsExactly("1", "1", "1", "1");
    for (JsonNode row : rows) {
      assertThat(row.path("starts").asInt()).isGreaterThanOrEqualTo(2);
      assertThat(row.path("sameOnKafka").asBoolean()).isTrue();
    }
    assertThat(out).isDirectoryNotContaining("glob:**/runs-*");
  }

  @Test
  void bench_runThatFails_tellsWhyAndKeepsIt() {
    CommandRun run = bench("--kills=1", "-Dmodel=lenet-7");

    assertThat(run.exitCode()).isOne();
    assertThat(run.out())
        .contains(
            "DIFFERENT: run hard-lenet-300-100-sgd-whole",
            "exit code=2",
            "hard-lenet-300-100-sgd-whole.log, which ends:",
            "lenet-7",
            "0 kills, seed 1",
            "all runs are kept in");
    assertThat(out).isDirectoryContaining("glob:**/runs-*");
  }

  @Test
  void bench_noKills_refuses() {
    CommandRun run = bench("--kills=0");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--kills must be 1 or more: kills=0");
    assertThat(out).isEmptyDirectory();
  }

  private CommandRun bench(String... options) {
    List<String> arguments = new ArrayList<>(List.of("bench", "chaos", "--out", out.toString()));
    arguments.addAll(List.of(options));
    return CommandRun.of(arguments.toArray(String[]::new));
  }
}
