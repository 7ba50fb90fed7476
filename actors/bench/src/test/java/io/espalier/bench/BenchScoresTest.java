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

/** {@code bench scores} on the bundled digits. */
class BenchScoresTest {
  @TempDir private Path out;

  @Test
  void bench_scoresAndRefits_leavesATableAndGoesOnWhereItWas() throws IOException {
    String[] options = {
      "--networks=lenet-300-100",
      "-Ddata=digits",
      "--train-epochs=20",
      "--seeds=1",
      "--sparsity=0.8",
      "--json"
    };
    CommandRun first = bench("--scores=magnitude", options);
    CommandRun both = bench("--scores=magnitude,random", options);

    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.err()).contains("training 20 epochs", "[4/4]");
    assertThat(both.err()).doesNotContain("training", "[4/8]").contains("[5/8]", "[8/8]");
    JsonNode results = new ObjectMapper().readTree(both.out());
    assertThat(results).hasSize(8);
    for (JsonNode result : results) {
      assertThat(result.get("kept").longValue()).isEqualTo(10_040);
    }
    assertThat(accuracy(results, "magnitude", "least-squares"))
        .isGreaterThan(accuracy(results, "random", "none"));
    assertThat(Files.readString(out.resolve("table.md")))
        .contains(
            "lenet-300-100, weights pruned at once; accuracy in percent:",
            "lenet-300-100, weights pruned at once, refitted by least-squares; accuracy in percent:",
            "(dense)",
            "80 %, uniform",
            "80 %, global");
  }

  @Test
  void bench_fineTuning_hasATableOfItsOwn() throws IOException {
    CommandRun run =
        bench(
            "--scores=magnitude",
            "--networks=lenet-300-100",
            "-Ddata=digits",
            "--train-epochs=1",
            "--seeds=1",
            "--sparsity=0.5",
            "--rankings=per-row",
            "--refits=none",
            "--epochs=0,2");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(Files.readString(out.resolve("table.md")))
        .contains("pruned at once;", "pruned at once and fine-tuned for 2 epochs;", "per-row");
  }

  @Test
  void bench_whatCannotBe_isRefused() {
    assertThat(bench("--rankings=best").err()).contains("uniform", "rankings=[best]");
    assertThat(bench("--seeds=0").err()).contains("seeds=0");
    assertThat(bench("--test-examples=0").err()).contains("test-examples=0");
    assertThat(bench("--epochs=-1").err()).contains("epochs=[-1]");
    assertThat(bench("--scores=random,magnitud").err()).contains("prune.score", "magnitude");
    assertThat(bench("--scores=random,batch-norm-scale").err()).contains("because");
    assertThat(bench("--networks=lenet-7", "--scores=random", "--seeds=1").exitCode()).isEqualTo(2);
    assertThat(out).isEmptyDirectory();
  }

  private static double accuracy(JsonNode results, String score, String refit) {
    for (JsonNode result : results) {
      JsonNode trial = result.get("trial");
      if (trial.get("score").textValue().equals(score)
          && trial.get("refit").textValue().equals(refit)
          && trial.get("ranking").textValue().equals("global")) {
        return result.get("pruned").get("accuracy").doubleValue();
      }
    }
    throw new AssertionError("no result: score=" + score + ", refit=" + refit);
  }

  private CommandRun bench(String option, String... more) {
    List<String> arguments = new ArrayList<>(List.of("bench", "scores", "--out", out.toString()));
    arguments.add(option);
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }
}
