package io.espalier.masks.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.masks.Counts;
import io.espalier.masks.Mask;
import io.espalier.masks.Recipes;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.WeightUses;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights under a limit of multiply-accumulates, against all choices there are. */
class KnapsackWeightsTest {
  /** Two layers of 4 weights each, one of which is used 3 times per example: 16 in all. */
  private static final CostedWeights WORKED =
      new CostedWeights(
          List.of(new float[] {8, 7, 6, 5}, new float[] {4, 3, 2, 1}), List.of(3, 1), 0);

  @Test
  void requests_areTheUsesOfWeights_whereThereIsALimit() {
    assertThat(Allocations.of(knapsack(.12)).requests())
        .containsExactly(StatisticRequest.of(new WeightUses(), 1));
    assertThat(Allocations.of(knapsack(1)).requests()).isEmpty();
  }

  /** Of 4 weights the best take 12; each exchange for one of the other layer takes 2 less. */
  @Test
  void counts_ofTheWorkedWeights_giveUpTheLeastForTheLimit() {
    assertThat(WORKED.counts(knapsack(.75), .5)).containsExactly(4, 0);
    assertThat(WORKED.counts(knapsack(.74), .5)).containsExactly(3, 1);
    assertThat(WORKED.counts(knapsack(.5), .5)).containsExactly(2, 2);
    assertThat(WORKED.counts(knapsack(.3), .5)).containsExactly(0, 4);
  }

  /** By any λ the weights take 2, 11 or 20; what is left at 5 and 14 is for an exchange. */
  @Test
  void counts_whereTheRankingLeavesSome_spendItByExchanges() {
    CostedWeights weights =
        new CostedWeights(
            List.of(new float[] {30, 28}, new float[] {9, 1}, new float[] {8, 7}),
            List.of(10, 4, 1),
            0);

    assertThat(weights.counts(knapsack(4.0 / 30), 2.0 / 3)).containsExactly(0, 0, 2);
    assertThat(weights.counts(knapsack(5.0 / 30), 2.0 / 3)).containsExactly(0, 1, 1);
    assertThat(weights.counts(knapsack(11.0 / 30), 2.0 / 3)).containsExactly(1, 0, 1);
    assertThat(weights.counts(knapsack(14.0 / 30), 2.0 / 3)).containsExactly(1, 1, 0);
    assertThat(weights.counts(knapsack(20.0 / 30), 2.0 / 3)).containsExactly(2, 0, 0);
  }

  @Test
  void counts_ofEqualScores_goToTheCheaperLayer_andThenToTheLater() {
    CostedWeights equal =
        new CostedWeights(List.of(new float[5], new float[5], new float[5]), List.of(2, 1, 1), 0);

    assertThat(equal.counts(knapsack(1), .5)).containsExactly(0, 3, 5);
    assertThat(equal.counts(knapsack(.4), .5)).containsExactly(0, 3, 5);
    assertThat(equal.counts(knapsack(.7), .2)).containsExactly(2, 5, 5);
  }

  /** Any price that decides is then large too. */
  @ParameterizedTest
  @ValueSource(floats = {1e20f, -1e20f, 1e-20f})
  void counts_ofScoresFarFrom0_areWithinTheLimit(float score) {
    float[] scores = {score, score, score, score};
    CostedWeights weights = new CostedWeights(List.of(scores, scores), List.of(1, 2), 0);

    assertThat(weights.counts(knapsack(.5), 3.0 / 8)).containsExactly(4, 1);
  }

  @Test
  void limit_thatNoChoiceMeets_isRefusedWithTheLeast() {
    String message =
        "prune.allocation.macs: must not be less than what the weights of fewest uses take:"
            + " macs=0.2, least=0.25, sparsity=0.5, kept=4; raise macs, prune more, or protect"
            + " less by prune.min-keep";

    assertThatThrownBy(() -> WORKED.counts(knapsack(.2), .5))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(message);
    assertThatThrownBy(
            () ->
                Allocations.of(knapsack(.2))
                    .requirePossible(WORKED.budget(.5), WORKED.statistics()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(message);
    Allocations.of(knapsack(.25)).requirePossible(WORKED.budget(.5), WORKED.statistics());
  }

  @Property(tries = 300, seed = "1")
  void counts_withoutALimitThatBinds_areThoseOfOneRanking(
      @ForAll @IntRange(min = 1, max = 6) int parameters,
      @ForAll @DoubleRange(min = 0, max = 1) double sparsity,
      @ForAll boolean ties,
      @ForAll long seed) {
    CostedWeights weights = CostedWeights.random(parameters, 40, ties, seed);
    List<Integer> global = weights.counts(Recipes.GLOBAL, sparsity);

    assertThat(weights.counts(knapsack(1), sparsity)).isEqualTo(global);
    assertThat(weights.counts(knapsack(weights.share(global)), sparsity)).isEqualTo(global);
  }

  @Property(tries = 2000, seed = "1")
  void counts_ofSmallLayers_areAsGoodAsBruteForceFinds_butForOneScore(
      @ForAll @IntRange(min = 1, max = 4) int parameters,
      @ForAll @DoubleRange(min = 0, max = 1) double sparsity,
      @ForAll @DoubleRange(min = 0, max = 1) double place,
      @ForAll boolean ties,
      @ForAll long seed) {
    CostedWeights weights = CostedWeights.random(parameters, 7, ties, seed);
    double share = weights.share(place, sparsity);

    List<Integer> counts = weights.counts(knapsack(share), sparsity);

    assertThat(weights.budget(sparsity).brokenBy(counts)).isEmpty();
    assertThat(weights.cost(counts)).isLessThanOrEqualTo(Counts.within(share, weights.dense()));
    assertThat(weights.counts(knapsack(share), sparsity)).isEqualTo(counts);
    double best = weights.best(sparsity, Counts.within(share, weights.dense()));
    assertThat(weights.sum(counts)).isLessThanOrEqualTo(best).isGreaterThan(best - weights.range());
    assertThat(weights.exchangeThatFits(counts, sparsity, Counts.within(share, weights.dense())))
        .isEmpty();
  }

  /** A limit that is what the best at some price of a multiply-accumulate take has no gap. */
  @Property(tries = 1000, seed = "1")
  void counts_whereARankingMeetsTheLimit_haveTheLargestSum(
      @ForAll @IntRange(min = 1, max = 4) int parameters,
      @ForAll @DoubleRange(min = 0, max = 1) double sparsity,
      @ForAll @DoubleRange(min = 0, max = 1) double price,
      @ForAll long seed) {
    CostedWeights weights = CostedWeights.random(parameters, 7, false, seed);
    List<Integer> ranked = weights.ranked(price, sparsity);
    double share = weights.share(ranked);

    List<Integer> counts = weights.counts(knapsack(share), sparsity);

    assertThat(weights.sum(counts))
        .isEqualTo(weights.best(sparsity, Counts.within(share, weights.dense())));
  }

  @ParameterizedTest
  @ValueSource(doubles = {.01, .3, 1})
  void counts_ofLargeLayers_areThoseOfARankingThatMeetsTheLimit(double price) {
    for (int seed = 0; seed < 4; seed++) {
      CostedWeights weights = CostedWeights.random(4, 20_000, false, seed);
      List<Integer> ranked = weights.ranked(price, .8);

      assertThat(weights.counts(knapsack(weights.share(ranked)), .8)).isEqualTo(ranked);
    }
  }

  /** The last update meets its limit, whatever the scores of the updates before. */
  @Property(tries = 500, seed = "1")
  void updates_ofHardMasks_reachTheLastLimit(
      @ForAll @IntRange(min = 1, max = 4) int parameters,
      @ForAll @DoubleRange(min = 0.05, max = 1) double sparsity,
      @ForAll @DoubleRange(min = 0, max = 1) double place,
      @ForAll long seed) {
    CostedWeights weights = CostedWeights.random(parameters, 12, false, seed);
    double share = weights.share(place, sparsity);
    Allocation allocation = Allocations.of(knapsack(share)).endingAt(sparsity);
    Random random = new Random(seed);
    List<Mask> masks = weights.all();
    long before = weights.dense();
    for (int update = 1; update <= 6; update++) {
      CostedWeights now = weights.scoredAgain(random);
      Budget budget = now.budget(sparsity * update / 6, masks);
      Ranking ranking = Ranking.of(now.scores(), masks);

      List<Integer> counts = allocation.at(now.scored(masks)).counts(budget, ranking);

      assertThat(budget.brokenBy(counts)).isEmpty();
      masks = ranking.top(counts);
      assertThat(now.cost(counts)).isLessThanOrEqualTo(before);
      before = now.cost(counts);
    }
    assertThat(before).isLessThanOrEqualTo(Counts.within(share, weights.dense()));
  }

  /** Half of the way to 90 % is half of the way to the limit. */
  @Test
  void limit_ofAnEarlierUpdate_isOnTheWay() {
    float[] dear = new float[100];
    float[] cheap = new float[900];
    Arrays.fill(dear, 2);
    Arrays.fill(cheap, 1);
    CostedWeights weights = new CostedWeights(List.of(dear, cheap), List.of(10, 1), 0);
    Allocation allocation = Allocations.of(knapsack(.12)).endingAt(.9);

    List<Integer> half = weights.counts(allocation, .45);
    List<Integer> last = weights.counts(allocation, .9);

    assertThat(weights.dense()).isEqualTo(1900);
    assertThat(half).containsExactly(57, 493); // 1063 of 1900 · (1 - .5 · .88) = 1064
    assertThat(last).containsExactly(14, 86); // 226 of 228
  }

  private static MemberSettings knapsack(double macs) {
    return MemberSettings.of("knapsack").with("chunk", 1).with("macs", macs);
  }
}
