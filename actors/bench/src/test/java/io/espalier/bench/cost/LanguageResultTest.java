package io.espalier.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.bench.cost.LanguageResult.Side;
import java.util.List;
import org.junit.jupiter.api.Test;

class LanguageResultTest {
  private static final Side OWN = new Side(2.02, List.of(0.010, 0.012, 0.011));

  @Test
  void table_besidePyTorch_hasRatiosAndVerdicts() {
    Side slower = new Side(2.0, List.of(0.010, 0.010, 0.010));

    String table = LanguageResult.table(List.of(result(OWN, slower)));

    assertThat(table)
        .containsPattern(
            "bits per character +\\| +2\\.02 +\\| +2\\.00 +\\| 1\\.010 .* within 2 % \\| holds")
        .containsPattern("step, ms +\\| +11\\.0 +\\| +10\\.0 +\\| 1\\.100 .* ≤ 1\\.15 +\\| holds");
  }

  @Test
  void table_tooFarFromPyTorch_saysSo() {
    Side better = new Side(1.9, List.of(0.005, 0.005, 0.005));

    assertThat(LanguageResult.table(List.of(result(OWN, better))))
        .containsPattern("within 2 % \\| missed")
        .containsPattern("≤ 1\\.15 +\\| missed");
  }

  @Test
  void table_withoutPyTorch_hasItsOwnFigures() {
    assertThat(LanguageResult.table(List.of(result(OWN))))
        .containsPattern("bits per character +\\| +2\\.02 +\\| +— +\\| +—")
        .doesNotContain("holds", "missed");
  }

  private static LanguageResult result(Side... sides) {
    return new LanguageResult("key", 42, 3, List.of(sides));
  }
}
