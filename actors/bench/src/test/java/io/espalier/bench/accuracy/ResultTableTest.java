package io.espalier.bench.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTableTest {
  @Test
  void table_twoSeeds_showsMeanAndSampleDeviation() {
    String table =
        ResultTable.of(
            List.of(
                SampleResults.of(RecipeRow.of("gradual"), 0.9, 42, 0.88),
                SampleResults.of(RecipeRow.of("gradual"), 0.9, 43, 0.90),
                SampleResults.of(RecipeRow.of("gradual"), 0.98, 42, 0.80),
                SampleResults.of(RecipeRow.DENSE, 0, 42, 0.91)));

    assertThat(table.lines())
        .startsWith(
            "| recipe  |      at 90 % | at 98 % | kept as planned | seconds |",
            "|---------|-------------:|--------:|-----------------|--------:|",
            "| dense   |        91.00 |   91.00 | 1 of 1          |     2.5 |",
            "| gradual | 89.00 ± 1.41 |   80.00 | 3 of 3          |     2.5 |");
  }

  @Test
  void table_severalNetworksAndInitializers_hasALineForEach() {
    String table =
        ResultTable.of(
            List.of(
                gradual("lenet-300-100", "he", 0, 0.90),
                gradual("lenet-300-100", "he", 0.98, 0.80),
                gradual("lenet-300-100", "orthogonal", 0, 0.91),
                gradual("lenet-300-100", "orthogonal", 0.98, 0.40),
                gradual("lenet-5", "he", 0, 0.92),
                gradual("lenet-5", "he", 0.98, 0.82)));

    assertThat(table.lines())
        .startsWith(
            "| recipe  | network       | initial    | at 0 % | at 98 % | kept as planned | seconds |",
            "|---------|---------------|------------|-------:|--------:|-----------------|--------:|",
            "| gradual | lenet-300-100 | he         |  90.00 |   80.00 | 2 of 2          |     2.5 |",
            "| gradual | lenet-300-100 | orthogonal |  91.00 |   40.00 | 2 of 2          |     2.5 |",
            "| gradual | lenet-5       | he         |  92.00 |   82.00 | 2 of 2          |     2.5 |")
        .contains("Collapsed: gradual, lenet-300-100, orthogonal at 98 %, seed 42.");
  }

  private static TrialResult gradual(
      String network, String initial, double sparsity, double accuracy) {
    return SampleResults.of(
        new TableLine(RecipeRow.of("gradual"), network, initial), sparsity, 42, accuracy);
  }

  @Test
  void table_onlyDense_hasOneColumnOfAccuracy() {
    assertThat(ResultTable.of(List.of(SampleResults.of(RecipeRow.DENSE, 0, 42, 0.91))))
        .startsWith("| recipe | accuracy |");
  }

  @Test
  void notes_nameKeptReturnedAndCollapsed() {
    String table =
        ResultTable.of(
            List.of(
                SampleResults.of(RecipeRow.SOFT, 0.95, 42, 0.30),
                SampleResults.of(RecipeRow.SOFT, 0.95, 43, 0.80)));

    assertThat(table)
        .contains("95 % sparsity 50 of 1,000 (pruned)")
        .contains("Weights that returned under soft masks at 95 %: 120 per run.")
        .contains("Collapsed: soft at 95 %, seed 42.")
        .doesNotContain("seed 43");
  }
}
