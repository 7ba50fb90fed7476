package io.espalier.bench.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchPoisoningTest {
  @TempDir private Path out;

  @Test
  void trial_playsItsFalseClientUnderItsRule() throws IOException {
    PoisoningResult free = trial(PoisoningRule.FREE);
    PoisoningResult bounded = trial(PoisoningRule.BOUNDED);

    assertThat(free.accuracy()).isLessThan(.2);
    assertThat(bounded.failure()).isEmpty();
    assertThat(bounded.accuracy()).isGreaterThan(.4);
    assertThat(bounded.key()).startsWith("BOUNDED/CLAIM_1/42/");
  }

  private PoisoningResult trial(PoisoningRule rule) throws IOException {
    try (BenchDirectory scratch = BenchDirectory.in(out)) {
      return new PoisoningTrial(
              new BenchPoisoningCommand.Setting(2, List.of()), rule, PoisoningScenario.CLAIM_1, 42)
          .run(scratch);
    }
  }

  @Test
  void table_hasMeansAndCountsFailures() {
    List<PoisoningResult> results =
        List.of(
            result(PoisoningScenario.NONE, .9, ""),
            result(PoisoningScenario.NONE, .8, ""),
            result(PoisoningScenario.SCALE_1, .7, ""),
            result(PoisoningScenario.SCALE_1, 0, "diverged"),
            result(PoisoningScenario.SCALE_2, 0, "diverged"));

    String line =
        PoisoningTable.of(results)
            .lines()
            .filter(each -> each.startsWith("| median"))
            .findFirst()
            .orElseThrow();

    assertThat(line.replaceAll(" +", " "))
        .isEqualTo("| median | 85.0 | — | — | 70.0 (1 failed) | — (1 failed) | — | — | — |");
  }

  private static PoisoningResult result(
      PoisoningScenario scenario, double accuracy, String failure) {
    return new PoisoningResult("key", PoisoningRule.MEDIAN, scenario, 42, accuracy, 0, failure);
  }

  @Test
  void bench_withoutSeedsOrRounds_isRefused() {
    assertThat(CommandRun.of("bench", "poisoning", "--seeds=0", "--out=" + out).err())
        .contains("seeds=0");
    assertThat(CommandRun.of("bench", "poisoning", "--rounds=0", "--out=" + out).exitCode())
        .isEqualTo(2);
    assertThat(out).isEmptyDirectory();
  }
}
