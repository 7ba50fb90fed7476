package io.espalier.masks.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import io.espalier.masks.Mask;
import io.espalier.masks.algebra.Cholesky;
import io.espalier.masks.algebra.LowRankCurvature;
import io.espalier.masks.algebra.SupportSearch;
import io.espalier.masks.algebra.SymmetricMatrix;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores from given statistics, by worked numbers. */
class DataScoresTest {
  private static final float[] WORKED = {3, -1, .5f, -.2f, 2, 1};

  /** Per-example gradients [[.1, −.2], [.3, .2]] at w = [1, 2]. */
  @Test
  void fisher_ofTheWorkedGradients_isHalfTheMeanSquareTimesTheSquare() {
    float[] scores = score(score("fisher"), List.of(1, 2), new float[] {1, 2}, .05f, .04f);

    assertThat(scores).containsExactly(new float[] {.025f, .08f}, within(1e-7f));
  }

  /** H = [[2, 1], [1, 3]] at w = [1, −.5]. */
  @Test
  void obd_ofTheWorkedHessian_isTheWorkedCost() {
    assertThat(score(score("obd"), List.of(1, 2), new float[] {1, -.5f}, 2, 3))
        .containsExactly(1, .375f);
  }

  @Test
  void hessianTrace_ofTheWorkedOutput_isTheMeanCurvatureTimesTheSquaredLength() {
    Score trace = score("hessian-trace");
    float[] weights = {.5f, -1, 2, 1, 0, 0};
    float[] diagonal = {1.2f, 3, 0, -6, 1, 1};

    float[] scores = score(trace, List.of(2, 3), weights, diagonal);

    assertThat(scores[0] + scores[1] + scores[2]).isCloseTo(7.35f, within(1e-5f));
    ChannelTerms terms = trace.channels().orElseThrow();
    ScoredParameter of = given(trace, List.of(2, 3), weights, List.of(diagonal));
    assertThat(terms.of(of, 0, false).get(0))
        .containsExactly(new double[] {7.35, -4. / 3}, within(1e-5));
    assertThat(terms.of(of, 1, false).get(0)).containsExactly(0, 0, 0);
    assertThat(terms.value(-4. / 3)).isZero();
  }

  /** X = [[1, 0, 2], [1, 3, 2], [1, 0, −2], [1, 4, 2]], w = [3, −1, .5]. */
  @ParameterizedTest
  @CsvSource({"inverse, 4.950925, 2.26599, .521994", "factor, 9.901849, 6.506889, 2.01875"})
  void obs_ofTheWorkedInputs_isTheWorkedCost(String form, double a, double b, double c) {
    Score obs = Scores.of(settings("obs").with("form", form), 1);
    float[] products = {1, 1.75f, 1, 1.75f, 6.25f, 3.5f, 1, 3.5f, 4};

    float[] scores = score(obs, List.of(1, 3), new float[] {3, -1, .5f}, products);

    assertThat(scores)
        .containsExactly(new float[] {(float) a, (float) b, (float) c}, within(2e-5f));
  }

  @Test
  void obs_ofInputsThatAreAlways0_isFinite() {
    assertThat(score(score("obs"), List.of(1, 2), new float[] {1, 2}, new float[4]))
        .containsExactly(.5f, 2);
  }

  /** G = [[2, .5], [.5, 1]], A = [[1, .2, 0], [.2, 2, .3], [0, .3, 1.5]]. */
  @Test
  void kfac_ofTheWorkedFactors_isTheWorkedCostOfWeightsRowsAndColumns() {
    Score kfac = Scores.of(settings("kfac").with("damping", 1e-9), 1);
    float[] weights = {1, -2, .5f, .5f, 1, -1};
    float[] inputs = {1, .2f, 0, .2f, 2, .3f, 0, .3f, 1.5f};
    float[] outputs = {2, .5f, .5f, 1};

    float[] scores = score(kfac, List.of(2, 3), weights, inputs, outputs);

    ScoredParameter of = given(kfac, List.of(2, 3), weights, List.of(inputs, outputs));
    ChannelTerms terms = kfac.channels().orElseThrow();
    assertThat(scores[1]).isCloseTo(6.65f, within(1e-5f));
    assertThat(terms.of(of, 0, false).get(0)[0]).isCloseTo(6.978125, within(1e-6));
    assertThat(terms.of(of, 1, false).get(0)[1]).isCloseTo(6.65, within(1e-6));
    assertCostsAreThoseOfTheWhole(weights, inputs, outputs, scores);
  }

  /** Optimal brain surgeon with the inverse of the whole product. */
  private static void assertCostsAreThoseOfTheWhole(
      float[] weights, float[] inputs, float[] outputs, float[] scores) {
    SymmetricMatrix whole =
        SymmetricMatrix.of(
            6, (a, b) -> (double) outputs[a / 3 * 2 + b / 3] * inputs[a % 3 * 3 + b % 3]);
    SymmetricMatrix inverse = Cholesky.of(whole, 1e-9).orElseThrow().inverse();
    for (int unit = 0; unit < 6; unit++) {
      double cost = weights[unit] * weights[unit] / (2 * inverse.at(unit, unit));
      assertThat((double) scores[unit]).isCloseTo(cost, within(1e-5));
    }
  }

  /** W₁ = [[1, −2], [3, .5]], W₂ = [[.5, −1]]: R = 5. */
  @Test
  void synflow_ofTheWorkedLayers_conservesTheFlow() {
    float[] first =
        score(score("synflow"), List.of(2, 2), new float[] {1, -2, 3, .5f}, .5f, .5f, 1, 1);
    float[] second = score(score("synflow"), List.of(1, 2), new float[] {.5f, -1}, 3, 3.5f);

    assertThat(first).containsExactly(.5f, 1, 3, .5f);
    assertThat(second).containsExactly(1.5f, 3.5f);
  }

  /** Norms of inputs [2, 5, 4] and gradients [[.01, .02, .03], [.05, 0, .01]], already scaled. */
  @ParameterizedTest
  @CsvSource({"l2, 100", "l1, 100", "l2, 0"})
  void gblm_ofTheWorkedLayer_isWandaAndTheGradients(String norm, String scale) {
    Score gblm = Scores.of(settings("gblm").with("norm", norm).with("scale", scale), 1);
    float[] gradients = {.01f, .02f, .03f, .05f, 0, .01f};
    for (int unit = 0; unit < gradients.length; unit++) {
      float plain = gradients[unit] / 100;
      gradients[unit] = norm.equals("l2") ? plain * plain : plain;
    }

    float[] scores = score(gblm, List.of(2, 3), WORKED, new float[] {4, 25, 16}, gradients);

    float[] expected =
        scale.equals("0")
            ? new float[] {6, 5, 2, .4f, 10, 4}
            : new float[] {6.03f, 5.02f, 2.015f, .41f, 10, 4.01f};
    assertThat(scores).containsExactly(expected, within(1e-5f));
  }

  /** Norms of inputs 11/3 in the mean, of gradients 2, so that the factor is 11/6. */
  @ParameterizedTest
  @ValueSource(strings = {"l2", "l1"})
  void gblm_withoutAScale_balancesInputsAndGradients(String norm) {
    Score gblm = Scores.of(settings("gblm").with("norm", norm), 1);
    float[] gradients = {1, 3, 2, 5, 0.5f, 0.5f};
    float[] terms = norm.equals("l2") ? squares(gradients) : gradients;
    float[] inputs = {4, 25, 16};

    float[] scores = score(gblm, List.of(2, 3), WORKED, inputs, terms);
    float[] thousandfold = score(gblm, List.of(2, 3), WORKED, inputs, scaled(terms, 1e6f));

    assertThat(scores)
        .containsExactly(
            new float[] {11.5f, 10.5f, 3.8333333f, 2.2333333f, 11.833333f, 4.9166665f},
            within(1e-5f));
    assertThat(thousandfold).containsExactly(scores, within(1e-4f));
  }

  @Test
  void gblm_ofALayerWithoutGradients_isWanda() {
    float[] scores =
        score(score("gblm"), List.of(2, 3), WORKED, new float[] {4, 25, 16}, new float[6]);

    assertThat(scores).containsExactly(new float[] {6, 5, 2, .4f, 10, 4}, within(1e-5f));
  }

  @Test
  void gblm_ofGradientsOfAnySize_ranksOtherwiseThanFisherAndWanda() {
    Random random = new Random(7);
    int outputs = 20;
    int inputs = 30;
    float[] squares = new float[inputs];
    float[] weights = new float[outputs * inputs];
    float[] gradients = new float[outputs * inputs];
    for (int unit = 0; unit < weights.length; unit++) {
      squares[unit % inputs] = random.nextFloat();
      weights[unit] = (float) random.nextGaussian();
      gradients[unit] = (float) Math.exp(random.nextGaussian());
    }
    List<Integer> shape = List.of(outputs, inputs);
    int[] wanda = ranked(score(score("wanda"), shape, weights, squares));

    for (float size : new float[] {1e-8f, 1, 1e8f}) {
      float[] terms = scaled(squares(gradients), size);
      int[] gblm = ranked(score(score("gblm"), shape, weights, squares, terms));
      int[] fisher = ranked(score(score("fisher"), shape, weights, terms));

      assertThat(List.of(common(gblm, fisher), common(gblm, wanda), common(fisher, wanda)))
          .as("kept in common, of 300")
          .allSatisfy(both -> assertThat(both).isLessThan(295));
      assertThat(common(gblm, fisher)).isGreaterThan(common(fisher, wanda));
      assertThat(common(gblm, wanda)).isGreaterThan(common(fisher, wanda));
    }
  }

  private static float[] squares(float[] values) {
    float[] squares = values.clone();
    for (int i = 0; i < squares.length; i++) {
      squares[i] *= squares[i];
    }
    return squares;
  }

  private static float[] scaled(float[] values, float by) {
    float[] scaled = values.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= by;
    }
    return scaled;
  }

  private static int[] ranked(float[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparing(unit -> -scores[unit]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Units in the better half of both rankings. */
  private static long common(int[] one, int[] other) {
    Set<Integer> best =
        Arrays.stream(one).limit(one.length / 2).boxed().collect(Collectors.toSet());
    return Arrays.stream(other).limit(other.length / 2).filter(best::contains).count();
  }

  @Test
  void regionalWanda_ofTheWorkedLayer_isTheWorkedScore() {
    float[] gradients = {.01f, .02f, .03f, .05f, 0, .01f};
    for (int unit = 0; unit < gradients.length; unit++) {
      gradients[unit] *= gradients[unit];
    }

    float[] scores =
        score(score("wanda-regional"), List.of(2, 3), WORKED, new float[] {4, 25, 16}, gradients);

    assertThat(scores).containsExactly(new float[] {9, 7, 3.5f, 1.4f, 10, 5}, within(1e-5f));
  }

  /** Channels 0 and 1 of a convolution with kernels of 2 × 1 read means [1, 3] and [2, 6]. */
  @Test
  void attentionMaps_ofChannels_areTheMeanOverWhatReadsThem() {
    Score maps = score("attention-maps");
    ScoredParameter of =
        given(maps, List.of(2, 2, 2, 1), new float[8], List.of(new float[] {1, 3, 2, 6}));

    assertThat(maps.channels().orElseThrow().of(of, 1, true).get(0)).containsExactly(2, 4);
    assertThat(maps.channels().orElseThrow().of(of, 0, true).get(0)).containsExactly(0, 0);
    float[] scores = new float[8];
    maps.score(of, scores);
    assertThat(scores).containsExactly(1, 3, 2, 6, 1, 3, 2, 6);
  }

  /**
   * The neurons of a gated layer by the authors' code of CFSP: over the outputs of what reads them
   * the mean of the shares of |w| · ‖x‖, and of what gives them, times ‖x‖.
   */
  @Test
  void attentionMaps_ofNeurons_rankThemAsTheFineScoreOfCfspDoes() {
    int neurons = 12;
    int width = 5;
    Random random = new Random(4);
    float[] squares = new float[neurons];
    float[] down = new float[width * neurons];
    double[][] givers = new double[2][neurons * width];
    for (int i = 0; i < down.length; i++) {
      squares[i / width] = random.nextFloat();
      down[i] = (float) random.nextGaussian();
      givers[0][i] = random.nextGaussian();
      givers[1][i] = random.nextGaussian();
    }
    double[] fine = new double[neurons];
    for (int n = 0; n < neurons; n++) {
      double size = Math.sqrt(squares[n]);
      double[] sums = new double[3];
      for (int o = 0; o < width; o++) {
        sums[0] += Math.abs(down[o * neurons + n]) * size;
        sums[1] += Math.abs(givers[0][n * width + o]);
        sums[2] += Math.abs(givers[1][n * width + o]);
      }
      for (int o = 0; o < width; o++) {
        double shares =
            Math.abs(down[o * neurons + n]) * size / sums[0]
                + Math.abs(givers[0][n * width + o]) / sums[1]
                + Math.abs(givers[1][n * width + o]) / sums[2];
        fine[n] += shares * size / width;
      }
    }
    Score maps = score("attention-maps");

    double[] found =
        maps.channels()
            .orElseThrow()
            .of(given(maps, List.of(width, neurons), down, List.of(squares)), 1, true)
            .get(0);

    assertThat(order(n -> found[n], neurons)).isEqualTo(order(n -> fine[n], neurons));
  }

  private static List<Integer> order(IntToDoubleFunction of, int count) {
    return IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingDouble(of::applyAsDouble))
        .toList();
  }

  /** Inputs of mean [1, 1.75, 1] and, over n − 1 = 3, variance [0, 4.25, 4]. */
  @Test
  void variance_ofTheWorkedInputs_isTheirs() {
    float[] moments = {1, 1.75f, 1, 0, 3.1875f, 3};

    assertThat(score(score("variance"), List.of(2, 3), WORKED, moments))
        .containsExactly(0, 3.1875f, 3, 0, 3.1875f, 3);
    assertThat(3.1875f * 4 / 3).isEqualTo(4.25f);
  }

  @Test
  void fluctuation_ofTheWorkedLayer_isTheWorkedMetric() {
    float[] moments = {1, 1.75f, 1, 0, 4.25f, 4};

    assertThat(terms(fluctuation("wifv", false), moments)).containsExactly(0, 21.25, 5);
    assertThat(terms(fluctuation("ifv", false), moments)).containsExactly(0, 4.25, 4);
    assertThat(terms(fluctuation("wifn", false), moments))
        .containsExactly(
            new double[] {1.6, 1.5 * Math.sqrt(4.25 + 1.75 * 1.75), .75 * Math.sqrt(5)},
            within(1e-6));
  }

  @Test
  void fluctuation_standardised_hasStandardScoresOfTheLayer() {
    Score score = fluctuation("ifv", true);

    assertThat(terms(score, 0, 0, 0, 1, 2, 3))
        .containsExactly(new double[] {-1, 0, 1}, within(1e-6));
    assertThat(terms(score, 0, 0, 0, 2, 2, 2)).containsExactly(0, 0, 0);
    ChannelTerms channels = score.channels().orElseThrow();
    assertThat(channels.value(1)).isEqualTo(Math.E);
    assertThat(channels.value(-900)).isPositive();
  }

  @Test
  void contribution_ofChannels_isTheSumOverWhatReadsThem() {
    Score score = score("contribution");
    ScoredParameter of =
        given(
            score,
            List.of(2, 3),
            WORKED,
            List.of(new float[] {.196078f, .45098f, .352941f, .2f, .3f, .5f}));

    assertThat(score.channels().orElseThrow().of(of, 1, true).get(0))
        .containsExactly(new double[] {.396078, .75098, .852941}, within(1e-6));
  }

  /** Norms of inputs [2, 5, 4]. */
  @Test
  void ria_ofTheWorkedLayer_isTheSharesTimesTheRoots() {
    float[] scores = score(score("ria"), List.of(2, 3), WORKED, new float[] {4, 25, 16});

    assertThat(scores)
        .containsExactly(
            new float[] {2.268634f, 1.24226f, .888889f, .176777f, 2.888254f, 1.958333f},
            within(1e-5f));
  }

  /** Two groups of one output and two inputs each; an input of weight 0 has no share. */
  @Test
  void ria_ofGroups_takesEachGroupsInputs() {
    Score plain = Scores.of(settings("ria").with("power", 0.0), 1);

    float[] scores =
        score(plain, List.of(2, 2, 1, 1), new float[] {1, 3, 0, -2}, new float[] {1, 1, 1, 1});

    assertThat(scores).containsExactly(1.25f, 1.75f, 0, 2);
  }

  /**
   * Two channels of two places each, over the rows [1 0 2 1], [1 3 2 −1], [1 0 −2 0], [1 4 2 2].
   */
  @Test
  void obspa_ofTheWorkedChannels_isTheCostOfTheirBlocks() {
    Score obspa = score("obspa");
    float[] weights = {3, -1, .5f, 1, 1, 0, 2, -1};
    float[] products = {
      1, 1.75f, 1, .5f, 1.75f, 6.25f, 3.5f, 1.25f, 1, 3.5f, 4, 1, .5f, 1.25f, 1, 1.5f
    };

    float[] scores = score(obspa, List.of(2, 2, 2, 1), weights, products);

    ScoredParameter of = given(obspa, List.of(2, 2, 2, 1), weights, List.of(products));
    assertThat(obspa.channels().orElseThrow().of(of, 1, true).get(0))
        .containsExactly(new double[] {4.897787 + .734397, 2.057584 + 8.377168}, within(1e-4));
    assertThat(scores[0]).isEqualTo(scores[1]).isCloseTo(4.897787f / 2, within(1e-5f));
    assertThat(scores[6]).isEqualTo(scores[7]).isCloseTo(8.377168f / 2, within(1e-4f));
  }

  /** Without a kernel it is the sum of the costs of optimal brain surgeon. */
  @Test
  void obspa_ofSingleInputs_isThatOfObs() {
    float[] products = {1, 1.75f, 1, 1.75f, 6.25f, 3.5f, 1, 3.5f, 4};

    assertThat(score(score("obspa"), List.of(2, 3), WORKED, products))
        .containsExactly(score(score("obs"), List.of(2, 3), WORKED, products), within(1e-4f));
  }

  /** Inputs apart: each bears the mean square of what it gives, here 16, 1 and .01. */
  @Test
  void lasso_ofInputsApart_ranksByWhatTheyGive() {
    Score fine = Scores.of(settings("lasso").with("steps", 2_000), 1);
    float[] products = {4, 0, 0, 0, 1, 0, 0, 0, .01f};

    float[] scores = score(fine, List.of(1, 3), new float[] {2, 1, 1}, products);

    assertThat(scores).containsExactly(new float[] {1, 1 / 16f, .01f / 16}, within(.01f));
    assertThat(scores[1]).isCloseTo(1 / 16f, within(.01f / 16));
  }

  @Test
  void lasso_ofChannelsThatAreTheSame_needsOneOfEachPair() {
    float[] products = {4, 4, 0, 0, 4, 4, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1};

    float[] scores = score(score("lasso"), List.of(1, 4), new float[] {1, 1, 1, 1}, products);

    assertThat(scores[0]).isPositive();
    assertThat(scores[2]).isPositive();
    assertThat(scores[1]).isZero();
    assertThat(scores[3]).isZero();
  }

  @Test
  void lasso_ofInputsThatAreAlways0_is0() {
    assertThat(score(score("lasso"), List.of(1, 2), new float[] {1, 2}, new float[4]))
        .containsExactly(0, 0);
  }

  /** Gradients [1, 2, 0] and [0, 1, 1]: what the best of the other two weights still lose. */
  @Test
  void woodfisher_ofTheWorkedGradients_isTheWorkedCost() {
    Score score = Scores.of(settings("woodfisher").with("damping", .1 / (7 / 6.)), 1);

    float[] scores =
        score(
            score,
            List.of(1, 3),
            new float[] {1, -.5f, 2},
            new float[] {1, 2, 0, 0, 1, 1, 0, 0, 0});

    assertThat(scores).containsExactly(new float[] {.070992f, .064583f, .664286f}, within(1e-5f));
  }

  /** Forty weights have stages of 13, 4, 2 and 1. */
  @Test
  void chita_ofItsStages_hasTheSupportsOfTheSearch() {
    Random random = new Random(4);
    float[] rows = new float[12 * 40];
    float[] weights = new float[40];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
      weights[i % 40] = (float) random.nextGaussian();
    }
    Score score =
        Scores.of(settings("chita").with("batches", 3).with("rows", 4).with("stages", 4), 1);
    SupportSearch search =
        new SupportSearch(
            new LowRankCurvature(rows, 40, .01), IntStream.range(0, 40).toArray(), weights, false);

    float[] scores = score(score, List.of(4, 10), weights, rows);

    Ranking ranking = Ranking.of(List.of(scores), List.of(Mask.allKept(40)));
    for (int size : new int[] {13, 4, 2, 1}) {
      search.shrink(size);
      int[] places = search.places();
      assertThat(ranking.top(List.of(size)).get(0))
          .isEqualTo(Mask.of(40, unit -> IntStream.of(places).anyMatch(each -> each == unit)));
    }
    assertThat(scores).doesNotHaveDuplicates();
  }

  @Test
  void lrp_ofChannels_isTheSumOverWhatReadsThem_andAtLeast0() {
    Score lrp = score("lrp");
    float[] relevance = {.2f, 1.3f, .5f, .1f, -2, .25f};
    ScoredParameter of = given(lrp, List.of(2, 3), WORKED, List.of(relevance));

    assertThat(score(lrp, List.of(2, 3), WORKED, relevance)).containsExactly(relevance);
    ChannelTerms terms = lrp.channels().orElseThrow();
    assertThat(terms.of(of, 1, false).get(0))
        .containsExactly(new double[] {.3, -.7, .75}, within(1e-6));
    assertThat(terms.value(-.7)).isZero();
  }

  private static double[] terms(Score score, float... moments) {
    ScoredParameter of = given(score, List.of(2, 3), WORKED, List.of(moments));
    return score.channels().orElseThrow().of(of, 1, true).get(0);
  }

  private static Score fluctuation(String metric, boolean standardised) {
    return Scores.of(
        settings("fluctuation").with("metric", metric).with("standardise", standardised), 1);
  }

  private static MemberSettings settings(String name) {
    return PluginRegistry.installed()
        .named(PluginKind.SCORE, name)
        .get(0)
        .keys()
        .standard(name)
        .orElseThrow();
  }

  private static Score score(String name) {
    return Scores.of(settings(name), 1);
  }

  private static float[] score(
      Score score, List<Integer> shape, float[] weights, float first, float... more) {
    float[] all = new float[1 + more.length];
    all[0] = first;
    System.arraycopy(more, 0, all, 1, more.length);
    return score(score, shape, weights, all);
  }

  /** {@code statistics} in the order of the score's requests. */
  private static float[] score(
      Score score, List<Integer> shape, float[] weights, float[]... statistics) {
    float[] scores = new float[weights.length];
    score.score(given(score, shape, weights, List.of(statistics)), scores);
    return scores;
  }

  private static ScoredParameter given(
      Score score, List<Integer> shape, float[] weights, List<float[]> statistics) {
    Statistics all = Statistics.none();
    List<StatisticRequest> requests = score.requests();
    for (int i = 0; i < requests.size(); i++) {
      all = all.withArrays(requests.get(i), List.of(statistics.get(i)));
    }
    return ScoredParameters.of("a", 0, shape, weights, all);
  }
}
