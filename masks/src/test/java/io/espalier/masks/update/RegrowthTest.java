package io.espalier.masks.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RankingConfig;
import io.espalier.configs.Span;
import io.espalier.configs.TargetConfig;
import io.espalier.masks.Kinds;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.Recipes;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.statistic.WeightStatistic;
import io.espalier.masks.update.MaskUpdate.ParameterChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegrowthTest {
  private static final MemberSettings SET =
      Recipes.exchanging("set", new Span.Steps(10), new Span.Percent(75), .3)
          .with("drop", "magnitude");
  private static final MemberSettings RIGL =
      Recipes.exchanging("rigl", new Span.Steps(10), new Span.Percent(75), .3).with("batches", 2);
  private static final List<ParameterShape> ROW = List.of(Networks.shape("a", 1, 8));
  private static final StatisticRequest GRADIENT =
      new StatisticRequest(WeightStatistic.GRADIENT, 2, StatisticRequest.Units.ALL);

  @Test
  void rigL_dropsTheSmallestKept_andGrowsTheLargestGradients() {
    MaskSet current = Networks.dense(ROW).next(Networks.masks("11110000"));
    float[] weights = {4, -1, 3, .5f, 0, 0, 0, 0};
    float[] gradients = {0, 0, 0, 0, .1f, -9, 2, .3f};

    MaskUpdate update = update(ROW, RIGL, current, weights, gradients, .5, .5);

    assertThat(update.next().masks()).isEqualTo(Networks.masks("10100110"));
    assertThat(update.changes())
        .containsExactly(new ParameterChange(ROW.get(0).id(), 8, 4, 4, 2, 2));
    assertThat(update.restarted()).isEqualTo(Networks.masks("00000000"));
  }

  @Test
  void rigL_mayGrowWhatItJustDropped_whichStartsAnew() {
    MaskSet current = Networks.dense(ROW).next(Networks.masks("11110000"));
    float[] weights = {4, -1, 3, .5f, 0, 0, 0, 0};
    float[] gradients = {7, 7, 7, 7, 0, 1, 0, 0};

    MaskUpdate update = update(ROW, RIGL, current, weights, gradients, .5, .5);

    assertThat(update.next().masks()).isEqualTo(Networks.masks("11110000"));
    assertThat(update.restarted()).isEqualTo(Networks.masks("01010000"));
    assertThat(update.changes().get(0).churn()).isZero();
  }

  @Test
  void exchange_isAtMostWhatIsOut() {
    MaskSet current = Networks.dense(ROW).next(Networks.masks("11111110"));
    float[] weights = {1, 2, 3, 4, 5, 6, 7, 0};

    MaskUpdate update =
        update(ROW, RIGL, current, weights, new float[] {0, 0, 0, 0, 0, 0, 0, 1}, .125, .9);

    assertThat(update.next().masks()).isEqualTo(Networks.masks("01111111"));
  }

  @Test
  void rigL_overRandomWeights_equalsTheSortedOracle_andKeepsEveryCount() {
    List<ParameterShape> shapes = Networks.convolutions();
    MaskSet current =
        updater(shapes, RIGL)
            .update(
                Networks.dense(shapes),
                Networks.weights(shapes, 1),
                Statistics.none(),
                PlannedUpdate.of(0, .9, 24_112),
                false)
            .next();
    List<float[]> weights = Networks.weights(shapes, 2);
    List<float[]> gradients = Networks.weights(shapes, 3);

    MaskUpdate update =
        updater(shapes, RIGL)
            .update(
                current,
                weights,
                Statistics.none().withArrays(GRADIENT, gradients),
                new PlannedUpdate(10, .9, current.kept(), .3),
                false);

    for (int p = 0; p < shapes.size(); p++) {
      Mask before = current.masks().get(p);
      int count = Math.min((int) (.3 * before.kept() + 1e-9), before.pruned());
      assertThat(update.next().masks().get(p))
          .isEqualTo(oracle(before, count, weights.get(p), gradients.get(p)));
      assertThat(update.next().masks().get(p).kept()).isEqualTo(before.kept());
    }
  }

  /**
   * Ten kept weights of 32, five of which go: of all, or of six positive and four negative ones.
   */
  @ParameterizedTest
  @CsvSource({"magnitude, 0000011111", "sign, 0001110011"})
  void set_drops_smallestMagnitudesOrAShareOfEachSign(String drop, String staying) {
    List<ParameterShape> row = List.of(Networks.shape("a", 1, 32));
    String rest = "0".repeat(22);
    MaskSet current = Networks.dense(row).next(Networks.masks("1".repeat(10) + rest));
    float[] weights = Arrays.copyOf(new float[] {.1f, .2f, .3f, .4f, .5f, .6f, -1, -2, -3, -4}, 32);
    PlannedUpdate exchange = new PlannedUpdate(10, 22 / 32.0, 10, .5);

    MaskUpdate update =
        MaskUpdater.of(prune(SET.with("drop", drop)), 1, row)
            .update(current, List.of(weights), Statistics.none(), exchange, false);

    Mask kept = update.next().masks().get(0);
    assertThat(kept.kept()).isEqualTo(10);
    assertThat(kept.and(current.masks().get(0)).andNot(update.restarted().get(0)))
        .isEqualTo(Networks.mask(staying + rest));
  }

  @Test
  void set_growsAtRandom_reproducibly_andDifferentlyAtEachStep() {
    List<ParameterShape> shapes = Networks.leNet300();
    MaskSet current =
        MaskUpdater.of(prune(SET), 1, shapes)
            .update(
                Networks.dense(shapes),
                Networks.weights(shapes, 1),
                Statistics.none(),
                PlannedUpdate.of(0, .95, 266_200),
                false)
            .next();

    List<MaskSet> results =
        IntStream.of(10, 10, 20)
            .mapToObj(
                step ->
                    updater(shapes, SET)
                        .update(
                            current,
                            Networks.weights(shapes, 1),
                            Statistics.none(),
                            new PlannedUpdate(step, .95, current.kept(), .3),
                            false)
                        .next())
            .toList();

    assertThat(results.get(1)).isEqualTo(results.get(0));
    assertThat(results.get(2)).isNotEqualTo(results.get(0));
    assertThat(results.get(0).kept()).isEqualTo(current.kept());
  }

  @Test
  void requests_areThoseOfScoreAndRegrowth_whereItExchanges() {
    PruneConfig config =
        new PruneConfig(
            new TargetConfig(.9, .005, List.of()),
            prune(RIGL).granularity(),
            new RankingConfig(
                MemberSettings.of("taylor").with("batches", 4),
                prune(RIGL).ranking().allocation(),
                prune(RIGL).ranking().selection()),
            prune(RIGL).schedule(),
            Kinds.HARD,
            RIGL,
            MemberSettings.of("none"));
    StatisticRequest taylor =
        new StatisticRequest(WeightStatistic.TAYLOR, 4, StatisticRequest.Units.CANDIDATES);
    StatisticRequests requests = StatisticRequests.of(config, 1);
    MaskSet current = Networks.dense(ROW).next(Networks.masks("11111100"));

    assertThat(requests.of(new PlannedUpdate(5, .5, 4, .3), current))
        .containsExactly(taylor, GRADIENT);
    assertThat(requests.of(new PlannedUpdate(5, .5, 4, 0), current)).containsExactly(taylor);
    assertThat(requests.of(new PlannedUpdate(5, .25, 6, .3), current)).containsExactly(GRADIENT);
    assertThat(StatisticRequests.of(prune(SET), 1).of(new PlannedUpdate(5, .5, 4, .3), current))
        .isEmpty();
  }

  @Test
  void update_withoutItsStatistics_isRefused() {
    MaskSet current = Networks.dense(ROW).next(Networks.masks("11110000"));

    assertThatThrownBy(
            () ->
                updater(ROW, RIGL)
                    .update(
                        current,
                        List.of(new float[8]),
                        Statistics.none(),
                        new PlannedUpdate(10, .5, 4, .3),
                        false))
        .hasMessage("an update must be given the statistics that it requests: request=" + GRADIENT);
  }

  private static Mask oracle(Mask before, int count, float[] weights, float[] gradients) {
    List<Integer> kept = IntStream.range(0, before.size()).filter(before::isKept).boxed().toList();
    List<Integer> staying =
        kept.stream()
            .sorted(Comparator.comparingDouble(unit -> -Math.abs(weights[unit])))
            .limit(kept.size() - count)
            .toList();
    List<Integer> after = new ArrayList<>(staying);
    IntStream.range(0, before.size())
        .boxed()
        .filter(unit -> !staying.contains(unit))
        .sorted(Comparator.comparingDouble(unit -> -Math.abs(gradients[unit])))
        .limit(count)
        .forEach(after::add);
    return Mask.of(before.size(), after::contains);
  }

  private static MaskUpdate update(
      List<ParameterShape> shapes,
      MemberSettings regrowth,
      MaskSet current,
      float[] weights,
      float[] gradients,
      double sparsity,
      double exchange) {
    return updater(shapes, regrowth)
        .update(
            current,
            List.of(weights),
            Statistics.none().withArrays(GRADIENT, List.of(gradients)),
            new PlannedUpdate(10, sparsity, current.kept(), exchange),
            false);
  }

  private static MaskUpdater updater(List<ParameterShape> shapes, MemberSettings regrowth) {
    return MaskUpdater.of(prune(regrowth), 1, shapes);
  }

  private static PruneConfig prune(MemberSettings regrowth) {
    PruneConfig plain =
        Recipes.prune(
            .9,
            MemberSettings.of("random"),
            MemberSettings.of("erk").with("power", 1.0),
            MemberSettings.of("constant"),
            Kinds.HARD);
    return Recipes.withRegrowth(plain, regrowth);
  }
}
