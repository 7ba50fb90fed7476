package io.espalier.masks.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RankingConfig;
import io.espalier.configs.TargetConfig;
import io.espalier.masks.Counts;
import io.espalier.masks.Kinds;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.Recipes;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.update.MaskUpdater;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
  private static final float[] BLOCKS = {
    1, 2, 0, 0, //
    3, 4, 0, 1, //
    .1f, 0, 5, 5, //
    0, .1f, 5, 5
  };

  @ParameterizedTest
  @CsvSource({"sum, 10, 1, .2, 20", "l2, 5.477226, 1, .141421, 10", "mean, 2.5, .25, .05, 5"})
  void block_ofTheWorkedMatrix_hasTheWorkedScores(
      String reduction, float a, float b, float c, float d) {
    Units units = units(block(2, 2, reduction), Networks.shape("a", 4, 4));

    assertThat(units.lift(0, BLOCKS)).containsExactly(new float[] {a, b, c, d}, within(1e-6f));
    assertThat(units.lower(0, Networks.mask("1001"))).isEqualTo(Networks.mask("1100110000110011"));
    assertThat(units.lift(0, Networks.mask("1100110000110011"))).isEqualTo(Networks.mask("1001"));
  }

  @Test
  void block_thatDoesNotDivide_endsInSmallerOnes() {
    Units units = units(block(2, 2, "sum"), Networks.shape("a", 3, 3));

    assertThat(units.counts()).containsExactly(4);
    assertThat(units.lift(0, new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1})).containsExactly(4, 2, 2, 1);
  }

  @Test
  void axes_ofAConvolution_areItsOutputsAndInputs() {
    ParameterShape shape = Networks.shape("a", 2, 3, 1, 2);
    float[] scores = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

    assertThat(units(axis("row", "sum"), shape).lift(0, scores)).containsExactly(15, 51);
    assertThat(units(axis("filter", "max"), shape).lift(0, scores)).containsExactly(5, 11);
    assertThat(units(axis("column", "mean"), shape).lift(0, scores))
        .containsExactly(3.5f, 5.5f, 7.5f);
  }

  @Test
  void twoOfFour_ofTheWorkedRow_keepsTheWorkedOnes() {
    List<ParameterShape> row = List.of(Networks.shape("a", 1, 8));
    float[] weights = {.1f, -.5f, .3f, .2f, 1, 2, 3, -4};

    MaskSet kept = pruned(row, pattern(2, 4), .5, List.of(weights));

    assertThat(kept.masks()).isEqualTo(Networks.masks("01100011"));
  }

  /** Weights of few different sizes: of equal ones the later stay. */
  @Property(tries = 60, seed = "2")
  void groupsOfFour_keepThoseThatFewerBeat(
      @ForAll @IntRange(min = 1, max = 3) int n,
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll @IntRange(min = 1, max = 50) int groups,
      @ForAll @IntRange(min = 0, max = 2) int rest,
      @ForAll @IntRange(min = 1, max = 1000) int seed) {
    int columns = 4 * groups + rest;
    List<ParameterShape> shapes = List.of(Networks.shape("a", rows, columns));
    SplittableRandom random = new SplittableRandom(seed);
    float[] weights = new float[rows * columns];
    for (int unit = 0; unit < weights.length; unit++) {
      weights[unit] = random.nextInt(-4, 5);
    }

    Mask kept = pruned(shapes, pattern(n, 4), 1 - n / 4.0, List.of(weights)).masks().get(0);

    for (int unit = 0; unit < weights.length; unit++) {
      int column = unit % columns;
      int group = unit - column % 4;
      int better = 0;
      for (int other = group; column < 4 * groups && other < group + 4; other++) {
        float distance = Math.abs(weights[other]) - Math.abs(weights[unit]);
        better += distance > 0 || (distance == 0 && other > unit) ? 1 : 0;
      }
      assertThat(kept.isKept(unit)).as("unit %d", unit).isEqualTo(better < n);
    }
  }

  @Test
  void pattern_withARemainder_keepsItDense() {
    List<ParameterShape> row = List.of(Networks.shape("a", 2, 6));
    float[] weights = {1, 2, 3, 4, 0, 0, 4, 3, 2, 1, 0, 0};

    MaskSet kept = pruned(row, pattern(1, 4), .75, List.of(weights));

    assertThat(kept.masks()).isEqualTo(Networks.masks("000111100011"));
  }

  /** Columns (.1, −.5, .3, .2, 9) and (1, 2, 3, −4, 9) of five outputs. */
  @Test
  void twoOfFour_alongOutputs_keepsTheBestOfNeighbouringOutputs_andTheLast() {
    List<ParameterShape> column = List.of(Networks.shape("a", 5, 2));
    float[] weights = {.1f, 1, -.5f, 2, .3f, 3, .2f, -4, 9, 9};

    MaskSet kept = pruned(column, pattern(2, 4).with("axis", "outputs"), .5, List.of(weights));

    assertThat(kept.masks()).isEqualTo(Networks.masks("0010110111".replace(" ", "")));
    assertThat(kept.kept()).isEqualTo(2 * 2 + 2);
  }

  /** On the way to its sparsity every group keeps N or more, and the counts are the plan's. */
  @Property(tries = 60, seed = "1")
  void patterns_overACourse_nestAndEndExactly(
      @ForAll @IntRange(min = 1, max = 4) int n,
      @ForAll @IntRange(min = 1, max = 5) int more,
      @ForAll @IntRange(min = 5, max = 23) int columns,
      @ForAll boolean outputs) {
    int m = n + more;
    List<ParameterShape> shapes =
        List.of(Networks.shape("a", 6, columns), Networks.shape("b", 3, 2, 2, 2));
    PruneConfig config =
        config(pattern(n, m).with("axis", outputs ? "outputs" : "inputs"), 1 - (double) n / m);
    Units units = UnitFamily.of((GranularityConfig.Units) config.granularity(), shapes);
    MaskUpdater updater = MaskUpdater.of(config, 1, shapes);
    MaskSet current = Networks.dense(shapes);
    for (int step = 1; step <= 4; step++) {
      double sparsity = config.target().sparsity() * step / 4;
      PlannedUpdate planned = new PlannedUpdate(step, sparsity, units.kept(sparsity), 0);

      MaskSet next =
          updater
              .update(current, Networks.weights(shapes, step), Statistics.none(), planned, false)
              .next();

      assertThat(next.kept()).isEqualTo(units.kept(sparsity));
      for (int p = 0; p < shapes.size(); p++) {
        assertThat(next.masks().get(p).andNot(current.masks().get(p)).kept()).isZero();
        Mask mask = next.masks().get(p);
        ParameterShape shape = shapes.get(p);
        if (outputs) {
          requireGroups(transposed(mask, shape), transposed(shape), n, m, step == 4);
        } else {
          requireGroups(mask, shape, n, m, step == 4);
        }
      }
      current = next;
    }
  }

  private static ParameterShape transposed(ParameterShape shape) {
    int rows = shape.dimensions().get(0);
    return Networks.shape("transposed", shape.size() / rows, rows);
  }

  private static Mask transposed(Mask mask, ParameterShape shape) {
    int rows = shape.dimensions().get(0);
    int columns = shape.size() / rows;
    return Mask.of(mask.size(), unit -> mask.isKept(unit % rows * columns + unit / rows));
  }

  private static void requireGroups(Mask mask, ParameterShape shape, int n, int m, boolean last) {
    int row = shape.size() / shape.dimensions().get(0);
    for (int start = 0; start < mask.size(); start += row) {
      for (int group = start; group + m <= start + row; group += m) {
        int from = group;
        int kept = Mask.of(m, i -> mask.isKept(from + i)).kept();
        assertThat(kept).isBetween(n, last ? n : m);
      }
      for (int unit = start + row / m * m; unit < start + row; unit++) {
        assertThat(mask.isKept(unit)).isTrue();
      }
    }
  }

  @Test
  void rows_ofOneParameter_keepAsManyWeightsEach() {
    List<ParameterShape> shapes = List.of(Networks.shape("a", 3, 5));
    float[] weights = {9, 8, 7, 6, 5, 1, 2, 3, 4, 5, .5f, .4f, .3f, .2f, .1f};
    PruneConfig config = perRow(.5);

    MaskSet kept =
        MaskUpdater.of(config, 1, shapes)
            .update(
                Networks.dense(shapes),
                List.of(weights),
                Statistics.none(),
                PlannedUpdate.of(1, .5, 15),
                false)
            .next();

    assertThat(kept.kept()).isEqualTo(Counts.kept(.5, 15));
    assertThat(kept.masks()).isEqualTo(Networks.masks("111000011111000"));
  }

  @Test
  void blocks_underEveryAllocation_keepTheBudgetInBlocks() {
    List<ParameterShape> shapes =
        List.of(Networks.shape("a", 16, 12), Networks.shape("b", 8, 4, 3, 3));
    for (MemberSettings allocation :
        List.of(
            Recipes.GLOBAL,
            MemberSettings.of("uniform"),
            MemberSettings.of("lamp"),
            MemberSettings.of("erk").with("power", 1.0))) {
      PruneConfig config =
          new PruneConfig(
              new TargetConfig(.75, 0, List.of()),
              new GranularityConfig.Units(block(4, 4, "mean")),
              new RankingConfig(
                  MemberSettings.of("magnitude"), allocation, MemberSettings.of("free")),
              MemberSettings.of("constant"),
              Kinds.HARD);
      Units units = UnitFamily.of((GranularityConfig.Units) config.granularity(), shapes);
      PlannedUpdate planned = new PlannedUpdate(1, .75, units.kept(.75), 0);

      MaskSet kept =
          MaskUpdater.of(config, 1, shapes)
              .update(
                  Networks.dense(shapes),
                  Networks.weights(shapes, 3),
                  Statistics.none(),
                  planned,
                  false)
              .next();

      int blocks = 0;
      for (int p = 0; p < shapes.size(); p++) {
        Mask lifted = units.lift(p, kept.masks().get(p));
        assertThat(units.lower(p, lifted)).isEqualTo(kept.masks().get(p));
        blocks += lifted.kept();
      }
      assertThat(units.total()).isEqualTo(12 + 18);
      assertThat(blocks).isEqualTo(Counts.kept(.75, 30));
    }
  }

  private static MaskSet pruned(
      List<ParameterShape> shapes,
      MemberSettings granularity,
      double sparsity,
      List<float[]> weights) {
    PruneConfig config = config(granularity, sparsity);
    Units units = UnitFamily.of((GranularityConfig.Units) config.granularity(), shapes);
    PlannedUpdate planned = new PlannedUpdate(1, sparsity, units.kept(sparsity), 0);
    return MaskUpdater.of(config, 1, shapes)
        .update(Networks.dense(shapes), weights, Statistics.none(), planned, false)
        .next();
  }

  private static PruneConfig config(MemberSettings granularity, double sparsity) {
    return config(granularity, MemberSettings.of("free"), sparsity);
  }

  private static PruneConfig perRow(double sparsity) {
    return config(MemberSettings.of("weight"), MemberSettings.of("per-row"), sparsity);
  }

  private static PruneConfig config(
      MemberSettings granularity, MemberSettings selection, double sparsity) {
    return new PruneConfig(
        new TargetConfig(sparsity, 0, List.of()),
        new GranularityConfig.Units(granularity),
        new RankingConfig(MemberSettings.of("magnitude"), Recipes.GLOBAL, selection),
        MemberSettings.of("constant"),
        Kinds.HARD);
  }

  private static Units units(MemberSettings settings, ParameterShape shape) {
    return UnitFamily.of(new GranularityConfig.Units(settings), List.of(shape));
  }

  private static MemberSettings block(int rows, int columns, String reduction) {
    return axis("block", reduction).with("rows", rows).with("columns", columns);
  }

  private static MemberSettings axis(String name, String reduction) {
    return MemberSettings.of(name).with("reduction", reduction);
  }

  private static MemberSettings pattern(int n, int m) {
    return MemberSettings.of("n-of-m").with("n", n).with("m", m).with("axis", "inputs");
  }
}
