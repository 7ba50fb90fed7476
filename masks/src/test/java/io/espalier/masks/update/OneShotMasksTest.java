package io.espalier.masks.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RankingConfig;
import io.espalier.configs.TargetConfig;
import io.espalier.masks.Kinds;
import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.Recipes;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.statistic.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OneShotMasksTest {
  private static final MemberSettings WEIGHT = MemberSettings.of("weight");
  private static final MemberSettings FREE = MemberSettings.of("free");

  static Stream<Arguments> choices() {
    MemberSettings block =
        MemberSettings.of("block").with("rows", 4).with("columns", 3).with("reduction", "l2");
    MemberSettings column = MemberSettings.of("column").with("reduction", "mean");
    MemberSettings pattern =
        MemberSettings.of("n-of-m").with("n", 2).with("m", 4).with("axis", "inputs");
    MemberSettings er = MemberSettings.of("er").with("power", 1.0);
    MemberSettings erk = MemberSettings.of("erk").with("power", 1.0);
    return Stream.of(
        Arguments.of("magnitude", Recipes.GLOBAL, WEIGHT, FREE, .9),
        Arguments.of("magnitude", MemberSettings.of("uniform"), WEIGHT, FREE, .9),
        Arguments.of("magnitude", MemberSettings.of("lamp"), WEIGHT, FREE, .95),
        Arguments.of("lamp", Recipes.GLOBAL, WEIGHT, FREE, .95),
        Arguments.of("random", Recipes.GLOBAL, WEIGHT, FREE, .5),
        Arguments.of("magnitude", er, WEIGHT, FREE, .8),
        Arguments.of("random", erk, WEIGHT, FREE, .8),
        Arguments.of("magnitude", er, WEIGHT, MemberSettings.of("per-row"), .7),
        Arguments.of("magnitude", Recipes.GLOBAL, block, FREE, .5),
        Arguments.of("lamp", Recipes.GLOBAL, column, FREE, .5),
        Arguments.of("magnitude", Recipes.GLOBAL, pattern, FREE, .5));
  }

  @ParameterizedTest
  @MethodSource("choices")
  void keep_weightsReadWhenNeeded_isTheUpdateOfWeightsInMemory(
      String score,
      MemberSettings allocation,
      MemberSettings units,
      MemberSettings selection,
      double sparsity) {
    List<ParameterShape> shapes = Networks.convolutions();
    List<float[]> weights = coarse(Networks.weights(shapes, 3));
    PruneConfig config = config(score, allocation, units, selection, sparsity);
    long kept = Networks.dense(shapes).total();
    PlannedUpdate update = PlannedUpdate.of(0, sparsity, kept);
    OneShotMasks masks = OneShotMasks.of(config, 7, shapes);
    PlannedUpdate ofUnits = new PlannedUpdate(0, sparsity, masks.keptUnits(), update.exchange());
    List<Mask> expected =
        MaskUpdater.of(config, 7, shapes)
            .update(Networks.dense(shapes), weights, Statistics.none(), ofUnits, false)
            .next()
            .masks();

    assertThat(masks.keep(p -> weights.get(p).clone())).isEqualTo(expected);
  }

  @Test
  void keep_uniform_readsEachParameterOnce() {
    List<ParameterShape> shapes = Networks.convolutions();
    List<float[]> weights = Networks.weights(shapes, 3);
    List<Integer> reads = new ArrayList<>();

    OneShotMasks.of(config("magnitude", MemberSettings.of("uniform"), WEIGHT, FREE, .5), 7, shapes)
        .keep(
            p -> {
              reads.add(p);
              return weights.get(p);
            });

    assertThat(reads).containsExactly(0, 1, 2, 3);
  }

  @Test
  void keep_global_readsWeightsThreeTimes_orOnceWhereRowsAreRanked() {
    List<ParameterShape> shapes = Networks.convolutions();
    List<float[]> weights = Networks.weights(shapes, 3);
    List<Integer> reads = new ArrayList<>();
    List<Integer> readsOfRows = new ArrayList<>();

    OneShotMasks.of(config("magnitude", Recipes.GLOBAL, WEIGHT, FREE, .5), 7, shapes)
        .keep(
            p -> {
              reads.add(p);
              return weights.get(p);
            });
    OneShotMasks.of(
            config(
                "magnitude",
                Recipes.GLOBAL,
                MemberSettings.of("row").with("reduction", "l2"),
                FREE,
                .5),
            7,
            shapes)
        .keep(
            p -> {
              readsOfRows.add(p);
              return weights.get(p);
            });

    assertThat(reads).hasSizeBetween(9, 12).startsWith(0, 1, 2, 3, 0, 1, 2, 3);
    assertThat(readsOfRows).containsExactly(0, 1, 2, 3);
  }

  @Test
  void of_moreProtectedThanKept_namesTheValues() {
    assertThatThrownBy(
            () ->
                OneShotMasks.of(
                    config("magnitude", Recipes.GLOBAL, WEIGHT, FREE, .9999),
                    7,
                    Networks.convolutions()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("prune.min-keep")
        .hasMessageContaining("sparsity=0.9999");
  }

  /** Few different values, of both signs and 0, so that ties decide. */
  private static List<float[]> coarse(List<float[]> weights) {
    for (float[] each : weights) {
      for (int i = 0; i < each.length; i++) {
        each[i] = i % 3 == 0 ? Math.round(4 * each[i]) / 4f * -1f : each[i];
      }
    }
    return weights;
  }

  private static PruneConfig config(
      String score,
      MemberSettings allocation,
      MemberSettings units,
      MemberSettings selection,
      double sparsity) {
    return new PruneConfig(
        new TargetConfig(sparsity, .005, List.of()),
        new GranularityConfig.Units(units),
        new RankingConfig(MemberSettings.of(score), allocation, selection),
        MemberSettings.of("constant"),
        Kinds.HARD);
  }
}
