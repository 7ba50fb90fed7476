package io.espalier.masks.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WandaAllocationsTest {
  private static final MemberSettings OWL =
      MemberSettings.of("owl").with("batches", 3).with("spread", .08).with("threshold", 5.0);
  private static final MemberSettings DLP =
      MemberSettings.of("dlp").with("batches", 3).with("spread", .15);

  private static List<ParameterShape> rows(Integer... sizes) {
    return IntStream.range(0, sizes.length)
        .mapToObj(p -> Networks.shape("p" + p, 10, sizes[p] / 10))
        .toList();
  }

  /** One hundredth of the weights per unit of {@code percent} are 100, the others 1. */
  private static float[] outliers(int size, int percent) {
    float[] weights = new float[size];
    Arrays.fill(weights, 1);
    Arrays.fill(weights, 0, size * percent / 100, -100);
    return weights;
  }

  private static float[] filled(int size, float value) {
    float[] weights = new float[size];
    Arrays.fill(weights, value);
    return weights;
  }

  @Test
  void both_requestMeanSquaresOfInputs() {
    for (MemberSettings each : List.of(OWL, DLP)) {
      assertThat(Allocations.of(each).requests())
          .containsExactly(StatisticRequest.of(InputStatistic.SQUARES, 3));
    }
  }

  /** Outliers of 4, 8, 2 and 6 %: sparsities .726667, .62, .78 and .673333. */
  @Test
  void owl_ofTheWorkedShares_hasTheWorkedDensities() {
    AllocationCase worked =
        AllocationCase.of(
            rows(3000, 3000, 3000, 3000),
            List.of(outliers(3000, 4), outliers(3000, 8), outliers(3000, 2), outliers(3000, 6)));

    assertThat(worked.counts(OWL, .7)).containsExactly(820, 1140, 660, 980);
  }

  /** Medians 1 … 4: sparsities .55, .65, .75 and .85. */
  @Test
  void dlp_ofTheWorkedMedians_hasTheWorkedDensities() {
    AllocationCase worked =
        AllocationCase.of(
            rows(1000, 1000, 1000, 1000),
            List.of(filled(1000, -1), filled(1000, 2), filled(1000, 3), filled(1000, -4)));

    assertThat(worked.counts(DLP, .7)).containsExactly(450, 350, 250, 150);
  }

  /** The scores are |w| times the root mean square of the input: all medians are 2. */
  @Test
  void dlp_ofWeightsAndInputsThatMakeUpForEachOther_isUniform() {
    AllocationCase weights =
        AllocationCase.of(rows(100, 100), List.of(filled(100, 2), filled(100, .5f)));
    AllocationCase both =
        new AllocationCase(
            weights.shapes(), weights.weights(), List.of(filled(10, 1), filled(10, 16)), 0);

    assertThat(both.counts(DLP, .7)).containsExactly(30, 30);
    assertThat(weights.counts(DLP, .7)).containsExactly(15, 45);
  }

  @Test
  void both_ofEqualScores_areUniform() {
    for (MemberSettings each : List.of(OWL, DLP)) {
      AllocationCase equal =
          AllocationCase.of(rows(200, 50), List.of(filled(200, 3), filled(50, 3)));
      assertThat(equal.counts(each, .8)).containsExactly(40, 10);
    }
  }

  /** Densities .45 and .15 apart from each other; the larger parameter counts for more. */
  @Test
  void dlp_ofUnequalSizes_meetsTheBudgetOfWeights() {
    AllocationCase unequal =
        AllocationCase.of(rows(3000, 1000), List.of(filled(3000, 1), filled(1000, 2)));

    // .375 and .075: 1125 + 75 = 1200
    assertThat(unequal.counts(DLP, .7)).containsExactly(1125, 75);
  }

  /** Shares of −.05, .05, .15 and .25 of the worked medians: the first loses a hundredth. */
  @Test
  void dlp_ofLittleSparsity_prunesAHundredthOfEachAtLeast() {
    AllocationCase little =
        AllocationCase.of(
            rows(1000, 1000, 1000, 1000),
            List.of(filled(1000, 1), filled(1000, 2), filled(1000, 3), filled(1000, 4)));

    assertThat(little.counts(DLP, .1)).containsExactly(990, 970, 870, 770);
    assertThat(little.counts(DLP, .005)).containsExactly(1000, 1000, 1000, 980);
  }

  @Test
  void both_nearTheEnds_stayWithinEachParameter() {
    AllocationCase ends =
        AllocationCase.of(rows(1000, 1000), List.of(filled(1000, 1), filled(1000, 2)));

    assertThat(ends.counts(OWL, .02)).containsExactly(980, 980);
    assertThat(ends.counts(DLP, .02)).containsExactly(990, 970);
    assertThat(ends.counts(DLP, .98)).containsExactly(40, 0);
    assertThat(ends.counts(DLP, 0)).containsExactly(1000, 1000);
  }
}
