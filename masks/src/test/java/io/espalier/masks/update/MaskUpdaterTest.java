package io.espalier.masks.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.MaskConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.masks.Kinds;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.Recipes;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.update.MaskUpdate.ParameterChange;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MaskUpdaterTest {
  private static final MaskConfig HARD = Kinds.HARD;
  private static final MaskConfig SOFT = Kinds.soft(0);
  private static final List<ParameterShape> PAIR =
      List.of(Networks.shape("a", 1, 4), Networks.shape("b", 1, 4));

  static Stream<MemberSettings> allocations() {
    return Stream.of(
        MemberSettings.of("uniform"),
        Recipes.GLOBAL,
        MemberSettings.of("er").with("power", 1.0),
        MemberSettings.of("erk").with("power", 1.0));
  }

  @Test
  void update_global_keepsTheLargestOfAll() {
    MaskUpdater updater = updater(Recipes.GLOBAL, HARD);
    List<float[]> weights = List.of(new float[] {.1f, -9, .2f, 8}, new float[] {-7, .3f, 6, 5});

    MaskUpdate update =
        updater.update(
            Networks.dense(PAIR), weights, Statistics.none(), PlannedUpdate.of(0, .5, 8), false);

    assertThat(update.next().masks()).isEqualTo(Networks.masks("0101", "1010"));
    assertThat(update.next().version()).isEqualTo(new MaskVersion(1));
    assertThat(update.changes())
        .containsExactly(
            new ParameterChange(PAIR.get(0).id(), 4, 2, 2, 2, 0),
            new ParameterChange(PAIR.get(1).id(), 4, 2, 2, 2, 0));
  }

  @Test
  void update_ofEqualWeights_prunesTheFirstUnits() {
    MaskUpdater updater = updater(MemberSettings.of("uniform"), HARD);

    MaskUpdate update =
        updater.update(
            Networks.dense(PAIR),
            List.of(new float[4], new float[4]),
            Statistics.none(),
            PlannedUpdate.of(0, .5, 8),
            false);

    assertThat(update.next().masks()).isEqualTo(Networks.masks("0011", "0011"));
  }

  @Test
  void softUpdate_lets_unitsReturn_untilItMayNot() {
    MaskUpdater updater = updater(Recipes.GLOBAL, SOFT);
    MaskSet current = Networks.dense(PAIR).next(Networks.masks("0111", "0111"));
    List<float[]> weights = List.of(new float[] {9, 1, 2, 3}, new float[] {9, 1, 2, 3});
    PlannedUpdate target = PlannedUpdate.of(8, .5, 8);

    MaskUpdate free = updater.update(current, weights, Statistics.none(), target, true);
    MaskUpdate frozen = updater.update(current, weights, Statistics.none(), target, false);

    assertThat(free.next().masks()).isEqualTo(Networks.masks("1001", "1001"));
    assertThat(free.changes())
        .first()
        .isEqualTo(new ParameterChange(PAIR.get(0).id(), 4, 2, 2, 2, 1));
    assertThat(free.changes().get(0).churn()).isEqualTo(3);
    assertThat(frozen.next().masks()).isEqualTo(Networks.masks("0011", "0011"));
  }

  @ParameterizedTest
  @MethodSource("allocations")
  void hardUpdates_overACourse_nest_andHitEveryCount(MemberSettings allocation) {
    List<ParameterShape> shapes = Networks.convolutions();
    MaskUpdater updater = MaskUpdater.of(Recipes.prune(allocation, HARD), 1, shapes);
    MaskSet current = Networks.dense(shapes);
    for (int step = 1; step <= 12; step++) {
      PlannedUpdate target =
          PlannedUpdate.of(step, .98 * (1 - Math.pow(1 - step / 12.0, 3)), current.total());

      MaskUpdate update =
          updater.update(current, Networks.weights(shapes, step), Statistics.none(), target, false);

      assertThat(update.next().kept()).isEqualTo(target.kept());
      for (int p = 0; p < shapes.size(); p++) {
        Mask before = current.masks().get(p);
        Mask after = update.next().masks().get(p);
        assertThat(after.countAnd(before)).isEqualTo(after.kept());
        assertThat(after.kept())
            .isGreaterThanOrEqualTo((int) Math.ceil(.005 * after.size()))
            .isEqualTo(update.changes().get(p).target());
        assertThat(update.changes().get(p).regrown()).isZero();
        assertThat(update.changes().get(p).pruned()).isEqualTo(before.kept() - after.kept());
      }
      current = update.next();
    }
    assertThat(current.version()).isEqualTo(new MaskVersion(12));
  }

  @Test
  void softUpdates_overACourse_hitEveryCount() {
    List<ParameterShape> shapes = Networks.convolutions();
    MaskUpdater updater = MaskUpdater.of(Recipes.prune(Recipes.GLOBAL, SOFT), 1, shapes);
    MaskSet current = Networks.dense(shapes);
    for (int step = 1; step <= 5; step++) {
      PlannedUpdate target = PlannedUpdate.of(step, .9, current.total());
      MaskUpdate update =
          updater.update(current, Networks.weights(shapes, step), Statistics.none(), target, true);
      assertThat(update.next().kept()).isEqualTo(target.kept());
      current = update.next();
    }
  }

  @Test
  void update_withNothingToPrune_stillRaisesTheVersion() {
    MaskUpdate update =
        updater(Recipes.GLOBAL, HARD)
            .update(
                Networks.dense(PAIR),
                Networks.weights(PAIR, 1),
                Statistics.none(),
                PlannedUpdate.of(0, 0, 8),
                false);

    assertThat(update.next().version()).isEqualTo(new MaskVersion(1));
    assertThat(update.changes()).allMatch(change -> change.churn() == 0);
  }

  @Test
  void randomScore_inTwoUpdaters_givesTheSameMasks_thatNest() {
    List<ParameterShape> shapes = Networks.leNet300();
    List<MaskSet> results =
        Stream.of(.5, .9, .9)
            .map(
                sparsity ->
                    MaskUpdater.of(
                            Recipes.prune(
                                sparsity,
                                MemberSettings.of("random"),
                                Recipes.GLOBAL,
                                MemberSettings.of("constant"),
                                HARD),
                            5,
                            shapes)
                        .update(
                            Networks.dense(shapes),
                            Networks.weights(shapes, Math.round(sparsity * 10)),
                            Statistics.none(),
                            PlannedUpdate.of(0, sparsity, 266_200),
                            false)
                        .next())
            .toList();

    assertThat(results.get(2)).isEqualTo(results.get(1));
    for (int p = 0; p < 2; p++) {
      Mask sparse = results.get(1).masks().get(p);
      assertThat(sparse.countAnd(results.get(0).masks().get(p))).isEqualTo(sparse.kept());
    }
  }

  @Test
  void update_thatDoesNotFit_isRefused() {
    MaskUpdater updater = updater(Recipes.GLOBAL, HARD);
    MaskSet dense = Networks.dense(PAIR);
    PlannedUpdate target = PlannedUpdate.of(0, .5, 8);

    assertThatThrownBy(
            () -> updater.update(dense, List.of(new float[4]), Statistics.none(), target, false))
        .hasMessageContaining("must be those of the prunable parameters");
    assertThatThrownBy(
            () -> updater.update(dense, Networks.weights(PAIR, 1), Statistics.none(), target, true))
        .hasMessageContaining("units may return only under a mask kind that says so");
    MaskSet sparse = dense.next(Networks.masks("1000", "1000"));
    assertThatThrownBy(
            () ->
                updater.update(sparse, Networks.weights(PAIR, 1), Statistics.none(), target, false))
        .hasMessageContaining("kept=4, floors=2, caps=2");
    float[] diverged = {1, Float.NaN, 2, 3};
    assertThatThrownBy(
            () ->
                updater.update(
                    dense, List.of(diverged, new float[4]), Statistics.none(), target, false))
        .hasMessageContaining("finite");
  }

  private static MaskUpdater updater(MemberSettings allocation, MaskConfig mask) {
    return MaskUpdater.of(Recipes.prune(allocation, mask), 1, PAIR);
  }
}
