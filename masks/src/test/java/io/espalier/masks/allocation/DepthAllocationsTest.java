package io.espalier.masks.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.ResidualChange;
import io.espalier.masks.statistic.Statistics;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Sparsities by depth, and by how far blocks turn their residual. */
final class DepthAllocationsTest {
  private static final MemberSettings ADAPT_PRUNER =
      MemberSettings.of("adapt-pruner").with("batches", 4).with("amplitude", .02);

  private static List<ParameterShape> layers(int count, int size) {
    return IntStream.range(0, count).mapToObj(p -> Networks.shape("p" + p, 10, size / 10)).toList();
  }

  /** Above the first: .15, .237744 and .3; densities .671936, .521936, .434192 and .371936. */
  @Test
  void rising_ofFourLayers_fallsByTheLogarithmOfDepth() {
    AllocationCase four = AllocationCase.of(layers(4, 1000));

    assertThat(four.counts(MemberSettings.of("rising").with("spread", .3), .5))
        .containsExactly(672, 522, 434, 372);
  }

  @Test
  void rising_ofOneLayerOrWithoutSpread_isUniform() {
    assertThat(
            AllocationCase.of(layers(1, 100))
                .counts(MemberSettings.of("rising").with("spread", .3), .7))
        .containsExactly(30);
    assertThat(
            AllocationCase.of(layers(3, 100))
                .counts(MemberSettings.of("rising").with("spread", .0), .7))
        .containsExactly(30, 30, 30);
  }

  private static List<Integer> counts(List<Float> importances, int size, int left, double keep) {
    return counts(ADAPT_PRUNER, importances, size, left, keep);
  }

  private static List<Integer> counts(
      MemberSettings settings, List<Float> importances, int size, int left, double keep) {
    List<ParameterShape> shapes = layers(importances.size(), size);
    List<float[]> weights = Networks.weights(shapes, 1);
    List<Mask> candidates =
        shapes.stream().map(shape -> Mask.of(size, unit -> unit < left)).toList();
    Allocation allocation = Allocations.of(settings);
    Statistics statistics =
        Statistics.none()
            .withArrays(
                allocation.requests().get(0),
                importances.stream().map(each -> new float[] {each}).toList());
    Budget budget =
        new Budget(
            shapes,
            1 - keep,
            Math.round(keep * size * shapes.size()),
            shapes.stream().map(shape -> 0).toList(),
            shapes.stream().map(shape -> left).toList());
    return allocation
        .at(ScoredParameter.all(shapes, weights, candidates, 0, statistics))
        .counts(budget, Ranking.ofMagnitudes(weights, candidates));
  }

  /** From a sparsity of .2 by a step of .05: .23, .256667, .263333 and .25. */
  @Test
  void adaptPruner_ofTheWorkedImportances_hasTheWorkedSparsities() {
    assertThat(counts(List.of(.30f, .10f, .05f, .15f), 3000, 2400, .75))
        .containsExactly(2310, 2230, 2210, 2250);
  }

  @Test
  void adaptPruner_ofEqualImportances_takesOneStep() {
    assertThat(counts(List.of(.2f, .2f), 1000, 900, .8)).containsExactly(800, 800);
  }

  @Test
  void adaptPruner_ofAWeightInNoBlock_takesTheMeanStep() {
    assertThat(counts(List.of(.3f, ResidualChange.OUTSIDE, .1f), 1000, 1000, .9))
        .containsExactly(920, 900, 880);
  }

  private static MemberSettings cfsp(double slope) {
    return MemberSettings.of("cfsp").with("batches", 4).with("slope", slope);
  }

  /**
   * σ(1.5), σ(−.5), σ(−1) and σ(0), divided by their mean .491014: 1.665074, .768900, .547726,
   * 1.018301.
   */
  @Test
  void cfsp_ofTheWorkedImportances_hasTheWorkedDensities() {
    assertThat(counts(cfsp(10), List.of(.30f, .10f, .05f, .15f), 100_000, 100_000, .5))
        .containsExactly(83254, 38445, 27386, 50915);
  }

  /**
   * The first would keep 1.25 and keeps .75 + .25 / 1.05; others are drawn up by the same factor.
   */
  @Test
  void cfsp_whereABlockWouldKeepMoreThanAll_drawsDensitiesTogether() {
    assertThat(counts(cfsp(10), List.of(.30f, .10f, .05f, .15f), 1000, 1000, .75))
        .containsExactly(988, 667, 588, 757);
  }

  @Test
  void cfsp_ofEqualImportances_orWithoutASlope_isUniform() {
    assertThat(counts(cfsp(10), List.of(.2f, .2f), 1000, 1000, .8)).containsExactly(800, 800);
    assertThat(counts(cfsp(0), List.of(.9f, .1f), 1000, 1000, .8)).containsExactly(800, 800);
  }

  /** σ(1) and σ(−1) are 1.462117 and .537883 of their mean. */
  @Test
  void cfsp_ofAWeightInNoBlock_takesTheMeanDensity() {
    assertThat(counts(cfsp(10), List.of(.3f, ResidualChange.OUTSIDE, .1f), 1000, 1000, .5))
        .containsExactly(731, 500, 269);
  }

  @Property(tries = 200, seed = "1")
  void cfsp_ofAnyImportances_meetsTheBudget_andTheMoreImportantKeepMore(
      @ForAll @Size(min = 1, max = 9) List<@FloatRange(min = 0, max = 1) Float> importances,
      @ForAll @DoubleRange(min = 0, max = 1) double keep,
      @ForAll @DoubleRange(min = 0, max = 100) double slope,
      @ForAll @IntRange(min = 0, max = 500) int lost) {
    int left = 500 - (int) (lost * (1 - keep));

    List<Integer> counts = counts(cfsp(slope), importances, 500, left, keep);

    assertThat(counts.stream().mapToLong(each -> each).sum())
        .isEqualTo(Math.round(keep * 500 * importances.size()));
    for (int a = 0; a < counts.size(); a++) {
      assertThat(counts.get(a)).isBetween(0, left);
      for (int b = 0; b < counts.size(); b++) {
        if (importances.get(a) > importances.get(b)) {
          assertThat(counts.get(a)).isGreaterThanOrEqualTo(counts.get(b) - 1);
        }
      }
    }
  }
}
