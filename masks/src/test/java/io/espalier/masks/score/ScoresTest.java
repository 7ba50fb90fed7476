package io.espalier.masks.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.statistic.WeightStatistic;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoresTest {
  @Test
  void of_anUnknownName_isRefused() {
    assertThatThrownBy(() -> Scores.of(new MemberSettings("lucky", Map.of()), 1))
        .hasMessage("prune.score: must name one score on the class path: kind=lucky, found=[]");
  }

  /** Filters (0, 0), (1, 0), (0, 1) and (5, 5): one of the middle two goes, not the smallest. */
  @Test
  void geometricMedian_ofTheWorkedFilters_isTheWorkedSumOfDistances() {
    Score score = Scores.of(MemberSettings.of("geometric-median"), 1);
    float[] scores = new float[8];

    score.score(
        ScoredParameters.of(
            "w", 0, List.of(4, 2), new float[] {0, 0, 1, 0, 0, 1, 5, 5}, Statistics.none()),
        scores);

    assertThat(scores)
        .containsExactly(
            new float[] {
              9.071068f,
              9.071068f,
              8.817338f,
              8.817338f,
              8.817338f,
              8.817338f,
              19.877316f,
              19.877316f
            },
            within(1e-5f));
  }

  /** Without the far one: 2 for (0, 0), 1 + √2 for the others. */
  @Test
  void geometricMedian_amongCandidates_leavesTheOthersOut() {
    Score score = Scores.of(MemberSettings.of("geometric-median"), 1);
    float[] scores = new float[8];

    score.score(
        ScoredParameters.of(
                "w", 0, List.of(4, 2), new float[] {0, 0, 1, 0, 0, 1, 5, 5}, Statistics.none())
            .among(Networks.mask("11111100")),
        scores);

    assertThat(scores)
        .containsExactly(
            new float[] {2, 2, 2.414214f, 2.414214f, 2.414214f, 2.414214f, 0, 0}, within(1e-5f));
  }

  @Test
  void magnitude_ofWeights_isTheirAbsoluteValue() {
    float[] scores = score(MemberSettings.of("magnitude"), 1, 0, new float[] {-2, .5f, -0f, 3});

    assertThat(scores).containsExactly(2, .5f, 0, 3);
    assertThat(Float.floatToRawIntBits(scores[2])).isZero();
  }

  @Test
  void taylor_asksForItsStatisticOfTheCandidates_andIsIt() {
    Score taylor = Scores.of(MemberSettings.of("taylor").with("batches", 3), 1);
    StatisticRequest request =
        new StatisticRequest(WeightStatistic.TAYLOR, 3, StatisticRequest.Units.CANDIDATES);
    assertThat(taylor.requests()).containsExactly(request);
    assertThat(Scores.of(MemberSettings.of("magnitude"), 1).requests()).isEmpty();

    assertThat(score(taylor, List.of(1, 3), new float[3], request, .2f, .4f, 0))
        .containsExactly(.2f, .4f, 0);
  }

  /**
   * W = [[1, −2], [.5, 0]], x = [1, 2], loss ½‖Wx − y‖², y = [0, 1]: the scores before division.
   */
  @Test
  void snip_ofTheWorkedLayer_isTheWorkedShare() {
    Score snip = Scores.of(MemberSettings.of("snip").with("batches", 1), 1);
    StatisticRequest gradients = snip.requests().get(0);

    float[] scores =
        score(snip, List.of(2, 2), new float[] {1, -2, .5f, 0}, gradients, -3, -6, -.5f, -1);

    double sum = scores[0] + scores[1] + scores[2] + scores[3];
    double[] shares = {scores[0] / sum, scores[1] / sum, scores[2] / sum, scores[3] / sum};
    assertThat(shares).containsExactly(new double[] {.196721, .786885, .016393, 0}, within(1e-6));
  }

  /** L = ½ wᵀAw with A = [[2, .5], [.5, 1]] at w = [1, −2]: H g = [1.25, −1]. */
  @Test
  void grasp_ofTheWorkedQuadratic_isTheWorkedFlow() {
    Score grasp =
        Scores.of(MemberSettings.of("grasp").with("batches", 1).with("temperature", 200.0), 1);
    StatisticRequest curvature = grasp.requests().get(0);

    float[] scores = score(grasp, List.of(1, 2), new float[] {1, -2}, curvature, 1.25f, -1);

    assertThat(scores).containsExactly(1.25f, 2);
    assertThat((double) scores[0] + scores[1])
        .as("the squared length of the gradient [1, −1.5], as the loss is quadratic")
        .isEqualTo(3.25);
  }

  /** A negative product says that the gradient flow grows as the weight goes. */
  @Test
  void grasp_ofAWeightThatHindersTheFlow_isBelowThatOfNone() {
    Score grasp =
        Scores.of(MemberSettings.of("grasp").with("batches", 1).with("temperature", 200.0), 1);

    assertThat(score(grasp, List.of(1, 2), new float[] {1, 0}, grasp.requests().get(0), -1, 5))
        .containsExactly(-1, 0);
  }

  @Test
  void wanda_ofTheWorkedRow_weighsByTheNormOfTheInputs() {
    Score wanda = Scores.of(MemberSettings.of("wanda").with("batches", 1), 1);
    StatisticRequest squares = wanda.requests().get(0);

    assertThat(score(wanda, List.of(1, 4), new float[] {1, -.5f, .8f, .3f}, squares, 1, 16, 1, 4))
        .containsExactly(new float[] {1, 2, .8f, .6f}, within(1e-6f));
    assertThat(score(wanda, List.of(2, 2, 1, 1), new float[] {1, 1, 1, 1}, squares, 1, 4, 9, 16))
        .as("the second group of a convolution sees inputs of its own")
        .containsExactly(1, 2, 3, 4);
  }

  @ParameterizedTest
  @CsvSource({"1", "7.5", "-3"})
  void lamp_ofTheWorkedLayers_isWorked_whateverTheirScale(float scale) {
    Score lamp = Scores.of(MemberSettings.of("lamp"), 1);

    assertThat(score(lamp, scaled(scale, 1, 2, 3, 4)))
        .containsExactly(new float[] {.033333f, .137931f, .36f, 1}, within(1e-6f));
    assertThat(score(lamp, scaled(scale, .3f, .1f, .2f)))
        .containsExactly(new float[] {1, .071429f, .307692f}, within(1e-6f));
    assertThat(score(lamp, scaled(scale, 2, 2)))
        .as("of equal weights the later one ranks above")
        .containsExactly(.5f, 1);
    assertThat(score(lamp, new float[3])).containsExactly(0, 0, 0);
  }

  @Test
  void lamp_underAGlobalBudget_keepsTheWorkedFourOfSeven() {
    Score lamp = Scores.of(MemberSettings.of("lamp"), 1);
    List<float[]> scores = List.of(score(lamp, 1, 2, 3, 4), score(lamp, .1f, .2f, .3f));

    Ranking ranking = Ranking.of(scores, List.of(Mask.allKept(4), Mask.allKept(3)));

    assertThat(ranking.top(ranking.topCounts(4, List.of(0, 0))))
        .isEqualTo(Networks.masks("0011", "011"));
  }

  @Test
  void random_forTheSameSeedAndParameter_doesNotDependOnWeights() {
    float[] first = score(MemberSettings.of("random"), 7, 2, new float[1000]);
    float[] again = score(MemberSettings.of("random"), 7, 2, filled(1000, 5));

    assertThat(again).isEqualTo(first);
    for (float value : first) {
      assertThat(value).isBetween(0f, Math.nextDown(1f));
    }
  }

  @Test
  void random_forOtherSeedsOrParameters_differs() {
    float[] first = score(MemberSettings.of("random"), 7, 2, new float[100]);

    assertThat(score(MemberSettings.of("random"), 8, 2, new float[100])).isNotEqualTo(first);
    assertThat(score(MemberSettings.of("random"), 7, 3, new float[100])).isNotEqualTo(first);
  }

  private static float[] score(
      Score score, List<Integer> shape, float[] weights, StatisticRequest request, float... value) {
    float[] scores = new float[weights.length];
    Statistics statistics = Statistics.none().withArrays(request, List.of(value));
    score.score(ScoredParameters.of("a", 0, shape, weights, statistics), scores);
    return scores;
  }

  private static float[] score(Score score, float... weights) {
    float[] scores = new float[weights.length];
    score.score(ScoredParameters.of("a", weights), scores);
    return scores;
  }

  private static float[] score(MemberSettings config, long seed, int parameter, float[] weights) {
    float[] scores = new float[weights.length];
    Scores.of(config, seed)
        .score(
            ScoredParameters.of(
                "a", parameter, List.of(1, weights.length), weights, Statistics.none()),
            scores);
    return scores;
  }

  private static float[] scaled(float scale, float... weights) {
    float[] scaled = weights.clone();
    for (int unit = 0; unit < scaled.length; unit++) {
      scaled[unit] *= scale;
    }
    return scaled;
  }

  private static float[] filled(int size, float value) {
    float[] values = new float[size];
    Arrays.fill(values, value);
    return values;
  }
}
