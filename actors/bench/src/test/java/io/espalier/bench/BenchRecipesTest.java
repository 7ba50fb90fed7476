package io.espalier.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench recipes} on the bundled digits, a few epochs long. */
class BenchRecipesTest {
  @TempDir private Path out;

  @Test
  void bench_allRows_writesExactCountsAndATable() throws IOException {
    CommandRun run = bench("--epochs", "6", "--seeds", "1", "--sparsity", "0.9");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(Files.readAllLines(out.resolve("results.jsonl"))).hasSize(10);
    String table = Files.readString(out.resolve("table.md"));
    assertThat(run.out()).contains(table);
    assertThat(table.lines().limit(12).map(line -> line.split("\\|", -1)[1].strip()))
        .containsExactly(
            "recipe",
            "-------------",
            "dense",
            "small-dense",
            "random",
            "set",
            "rigl",
            "one-shot",
            "gradual",
            "taylor",
            "soft",
            "annealed");
    assertThat(table).contains("5,020 of 50,200 (pruned)");
  }

  @Test
  void bench_started_again_runsOnlyWhatIsMissing() throws IOException {
    bench("--epochs", "1", "--seeds", "1", "--rows", "dense");
    Path results = out.resolve("results.jsonl");
    String first = Files.readString(results);
    Files.writeString(results, first + "{\"key\":\"torn");

    CommandRun again = bench("--epochs", "1", "--seeds", "2", "--rows", "dense");

    assertThat(again.exitCode()).isZero();
    assertThat(again.out()).contains("1 of 2 runs are there already", "[  2/2] dense");
    assertThat(Files.readString(results)).startsWith(first).doesNotContain("torn");
    assertThat(Files.readAllLines(results)).hasSize(2);
  }

  @Test
  void bench_sideBySide_givesTheSameResultsAsAlone() throws IOException {
    CommandRun alone =
        bench("--epochs", "3", "--seeds", "1", "--rows", "gradual,soft", "--jobs", "1");
    List<String> before = results();
    Files.delete(out.resolve("results.jsonl"));
    CommandRun together =
        bench("--epochs", "3", "--seeds", "1", "--rows", "gradual,soft", "--jobs", "2");

    assertThat(alone.exitCode()).isZero();
    assertThat(together.exitCode()).isZero();
    assertThat(results()).isEqualTo(before);
  }

  @Test
  void bench_runThatCannotBePlanned_isRefusedBeforeTheFirst() {
    CommandRun run = bench("--epochs", "1", "--seeds", "1", "--rows", "dense,annealed");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("prune.mask.over");
    assertThat(out).isEmptyDirectory();
  }

  @Test
  void bench_unknownRow_namesAll() {
    CommandRun run = bench("--rows", "dense,greedy");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("small-dense", "row=greedy");
  }

  private CommandRun bench(String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of("bench", "recipes", "--out", out.toString(), "-D", "data.kind=digits"));
    arguments.addAll(List.of(options));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  /** Result lines without their times, in a fixed order. */
  private List<String> results() throws IOException {
    return Files.readAllLines(out.resolve("results.jsonl")).stream()
        .map(line -> line.replaceAll("\"seconds\":[^,]*,", ""))
        .sorted()
        .toList();
  }
}
