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
  void bench_networksAndInitializers_areCombined() throws IOException {
    CommandRun run =
        bench(
            "--epochs", "1",
            "--seeds", "1",
            "--rows", "gradual",
            "--networks", "lenet-300-100,mlp",
            "--initial", "he,uniform-fan-in",
            "--sparsity", "0,0.9");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(Files.readAllLines(out.resolve("results.jsonl"))).hasSize(8);
    assertThat(run.out()).contains("[  8/8] gradual     ");
    assertThat(
            Files.readString(out.resolve("table.md"))
                .lines()
                .limit(6)
                .map(line -> List.of(line.split(" *\\| *", -1)).subList(2, 6)))
        .contains(List.of("network", "initial", "at 0 %", "at 90 %"))
        .extracting(cells -> cells.get(0) + " " + cells.get(1))
        .endsWith(
            "lenet-300-100 he", "lenet-300-100 uniform-fan-in", "mlp he", "mlp uniform-fan-in");
  }

  @Test
  void bench_unknownInitializer_isRefusedBeforeTheFirst() {
    CommandRun run = bench("--epochs", "1", "--rows", "gradual", "--initial", "he,hee");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("initial must be one of he, he-uniform", "initial=\"hee\"");
    assertThat(out).isEmptyDirectory();
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
