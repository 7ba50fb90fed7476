package io.espalier.masks.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.PruneConfig;
import io.espalier.masks.Kinds;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.Recipes;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.statistic.AuxiliaryValues;
import io.espalier.masks.statistic.Statistics;
import java.util.List;
import org.junit.jupiter.api.Test;

class MovementUpdateTest {
  private static final ParameterShape SHAPE =
      new ParameterShape(new ParameterId("fc.weight"), List.of(2, 2));
  private static final List<float[]> WEIGHTS = List.of(new float[] {1, -1, .5f, -.5f});

  private static Mask updated(Statistics statistics) {
    PruneConfig config =
        Recipes.prune(
            .5,
            MemberSettings.of("movement"),
            Recipes.GLOBAL,
            MemberSettings.of("constant"),
            Kinds.soft(0));
    MaskSet dense = MaskSet.dense(Layout.dense(List.of(SHAPE)), List.of(SHAPE.id()));
    return MaskUpdater.of(config, 1, List.of(SHAPE))
        .update(dense, WEIGHTS, statistics, PlannedUpdate.of(5, .5, 4), true)
        .next()
        .masks()
        .get(0);
  }

  private static Statistics scores(float... values) {
    return Statistics.none().withArrays(AuxiliaryValues.of("movement"), List.of(values));
  }

  @Test
  void update_keepsTheTrainedScoresThatAreLargest_notTheLargestWeights() {
    assertThat(updated(scores(-.003f, .001f, .002f, .0025f)))
        .isEqualTo(Mask.of(4, unit -> unit >= 2));
  }

  @Test
  void update_scoresOfAnySignAndSize_areRankedInTheirOrder() {
    assertThat(updated(scores(-1e-30f, -3e38f, -2, 3e38f)))
        .isEqualTo(Mask.of(4, unit -> unit == 0 || unit == 3));
    assertThat(updated(scores(-1, -2, -4, -3))).isEqualTo(Mask.of(4, unit -> unit < 2));
  }

  @Test
  void update_equalScores_prunesTheFirstUnits() {
    assertThat(updated(scores(0, -0f, 0, -0f))).isEqualTo(Mask.of(4, unit -> unit >= 2));
  }

  @Test
  void update_withoutTheTrainedScores_isRefused() {
    assertThatThrownBy(() -> updated(Statistics.none()))
        .hasMessageContaining("AuxiliaryValues[parameter=movement]");
  }
}
