package io.espalier.masks.refit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.AddendProducts;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeastSquaresOfBranchesTest {
  private static final String BRANCHES = "least-squares-branches";
  private static final String PLAIN = "least-squares";
  private static final double LEAST = 1e-9;

  /**
   * Over the rows (1, 1, 0) and (0, 1, 1) of inputs a, b and c the sum a + 2 b + c is 3 and 3. The
   * first layer has a and b and loses b, of which a becomes 1 + 2 · ½ / ½ = 3: it gives 3 and 0 in
   * place of 3 and 2. The second has c, which makes up for the missing 2: 1 + 2 = 3.
   */
  @Test
  void refit_ofTheWorkedSum_makesUpForWhatTheFirstLayerLost() {
    SampleSum dense =
        SampleSum.of(
            List.of(new double[][] {{1, 1}, {0, 1}}, new double[][] {{0}, {1}}),
            new float[] {1, 2},
            new float[] {1});
    List<Mask> kept = List.of(Networks.mask("10"), Networks.mask("1"));
    SampleSum branches = dense.copy();
    SampleSum plain = dense.copy();

    branches.refit(kept, BRANCHES, LEAST);
    plain.refit(kept, PLAIN, LEAST);

    assertThat(branches.weights(0)[0]).isCloseTo(3, within(1e-5f));
    assertThat(branches.weights(1)[0]).isCloseTo(3, within(1e-5f));
    assertThat(plain.weights(1)).containsExactly(1);
    assertThat(plain.error(dense, kept, 2)).isCloseTo(2, within(1e-5));
    assertThat(branches.error(dense, kept, 2)).isCloseTo(0, within(1e-9));
  }

  /** Factors ½ and 2: what the first lost counts a quarter for the second. */
  @Test
  void refit_behindNorms_countsWhatReachesTheSum() {
    SampleSum dense =
        SampleSum.of(
                List.of(new double[][] {{1, 1}, {0, 1}}, new double[][] {{0}, {1}}),
                new float[] {1, 2},
                new float[] {1})
            .withFactors(new double[] {.5}, new double[] {2});
    SampleSum layers = dense.copy();
    List<Mask> kept = List.of(Networks.mask("10"), Networks.mask("1"));

    layers.refit(kept, BRANCHES, LEAST);

    assertThat(layers.weights(1)[0]).isCloseTo(1.5f, within(1e-5f));
    assertThat(layers.error(dense, kept, 2)).isCloseTo(0, within(1e-9));
  }

  /** The first output's norm lets nothing through, the second's a thousandth of a thousandth. */
  @Test
  void refit_behindNormsOfScale0_isThatOfTheLayerAlone() {
    SampleSum dense = SampleSum.drawn(50, 3, List.of(6, 5), true, 4);
    double[] ones = {1, 1, 1};
    SampleSum layers = dense.withFactors(ones, new double[] {0, 1e-6, 1});
    SampleSum alone = dense.copy();
    List<Mask> kept = masks(dense, .5, 9);

    layers.refit(kept, BRANCHES, 1e-3);
    alone.refit(kept, PLAIN, 1e-3);

    for (int i = 0; i < 10; i++) {
      assertThat(layers.weights(1)[i]).isEqualTo(alone.weights(1)[i]);
    }
    assertThat(layers.weights(1)).isNotEqualTo(alone.weights(1));
  }

  @ParameterizedTest
  @CsvSource({
    "60, 3, true, .5, 1e-9",
    "60, 3, false, .3, 1e-3",
    "90, 40, true, .9, .01",
    "90, 40, false, .95, .1",
    "4, 3, true, .5, 1",
    "60, 3, true, 1, 1e-3",
  })
  void refit_againstEliminationOverTheRows_isTheSame(
      int rows, int outputs, boolean bias, double density, double ridge) {
    SampleSum dense = SampleSum.drawn(rows, outputs, List.of(7, 9, 5), bias, 5);
    SampleSum layers = dense.copy();
    List<Mask> kept = new ArrayList<>(masks(dense, density, 7));
    kept.set(0, Networks.randomMask(outputs * 7, .4, 3));

    layers.refit(kept, BRANCHES, ridge);

    for (int layer = 0; layer < 3; layer++) {
      for (int output = 0; output < outputs; output++) {
        double[] expected =
            NormalEquations.solved(
                dense.inputs(layer),
                target(dense, layers, kept, layer, output),
                before(dense, layer, output),
                free(dense, kept.get(layer), layer, output),
                ridge);
        int features = dense.features(layer);
        for (int i = 0; i < features; i++) {
          if (kept.get(layer).isKept(output * features + i)) {
            assertThat((double) layers.weights(layer)[output * features + i])
                .isCloseTo(expected[i], within(2e-3));
          }
        }
        if (bias) {
          assertThat((double) layers.bias(layer).orElseThrow()[output])
              .isCloseTo(expected[features], within(2e-3));
        }
      }
    }
  }

  /** The dense outputs, and what the layers before have not given, in units of this layer. */
  private static double[] target(
      SampleSum dense, SampleSum refitted, List<Mask> kept, int layer, int output) {
    double[] target = dense.gives(layer, output, Mask.allKept(dense.weights(layer).length)).clone();
    for (int earlier = 0; earlier < layer; earlier++) {
      double[] whole = dense.gives(earlier, output, Mask.allKept(dense.weights(earlier).length));
      double[] given = refitted.gives(earlier, output, kept.get(earlier));
      for (int row = 0; row < target.length; row++) {
        target[row] += whole[row] - given[row];
      }
    }
    for (int row = 0; row < target.length; row++) {
      target[row] /= dense.factor(layer, output);
    }
    return target;
  }

  private static double[] before(SampleSum dense, int layer, int output) {
    int features = dense.features(layer);
    double[] before = new double[features + 1];
    for (int i = 0; i < features; i++) {
      before[i] = dense.weights(layer)[output * features + i];
    }
    before[features] = dense.bias(layer).map(each -> (double) each[output]).orElse(0.0);
    return before;
  }

  private static boolean[] free(SampleSum dense, Mask kept, int layer, int output) {
    int features = dense.features(layer);
    boolean[] free = new boolean[features + 1];
    for (int i = 0; i < features; i++) {
      free[i] = kept.isKept(output * features + i);
    }
    free[features] = dense.bias(layer).isPresent();
    return free;
  }

  @Property(tries = 200)
  void refit_onTheMeasuredInputs_leavesASumThatIsNoWorseThanThatOfEachLayerAlone(
      @ForAll @IntRange(min = 30, max = 80) int rows,
      @ForAll @IntRange(min = 1, max = 9) int first,
      @ForAll @IntRange(min = 1, max = 9) int second,
      @ForAll @IntRange(min = 1, max = 30) int outputs,
      @ForAll boolean bias,
      @ForAll @DoubleRange(min = 0, max = 1) double density,
      @ForAll @IntRange(min = 0, max = 1000) int seed) {
    SampleSum dense = SampleSum.drawn(rows, outputs, List.of(first, second), bias, seed);
    SampleSum branches = dense.copy();
    SampleSum plain = dense.copy();
    List<Mask> kept = masks(dense, density, seed);

    branches.refit(kept, BRANCHES, 1e-7);
    plain.refit(kept, PLAIN, 1e-7);

    double alone = plain.error(dense, kept, 2);
    assertThat(branches.error(dense, kept, 2)).isLessThanOrEqualTo(alone * (1 + 1e-4) + 1e-5);
  }

  /** Twice as few rows as features, and any ridge. */
  @Property(tries = 200)
  void refit_onTheMeasuredInputs_leavesEverySumNoWorseThanItsLayerBefore(
      @ForAll @IntRange(min = 3, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 8) int digits,
      @ForAll @DoubleRange(min = 0, max = 1) double density,
      @ForAll @IntRange(min = 0, max = 1000) int seed) {
    SampleSum dense = SampleSum.drawn(rows, 4, List.of(6, 8, 5, 7), true, seed);
    SampleSum layers = dense.copy();
    List<Mask> kept = masks(dense, density, seed);
    double ridge = Math.pow(10, -digits);

    layers.refit(kept, BRANCHES, ridge);

    for (int layer = 1; layer < 4; layer++) {
      SampleSum unfitted = layers.copy();
      System.arraycopy(
          dense.weights(layer), 0, unfitted.weights(layer), 0, dense.weights(layer).length);
      System.arraycopy(
          dense.bias(layer).orElseThrow(), 0, unfitted.bias(layer).orElseThrow(), 0, 4);
      assertThat(layers.error(dense, kept, layer + 1))
          .isLessThanOrEqualTo(unfitted.error(dense, kept, layer + 1) * (1 + 1e-4) + 1e-4);
    }
  }

  @Test
  void refit_ofLayersThatAreNotAdded_isThatOfEachAlone_toTheSameBits() {
    SampleSum branches = SampleSum.drawn(50, 6, List.of(6, 8, 5), true, 3).apart();
    SampleSum plain = branches.copy();
    List<Mask> kept = masks(plain, .5, 2);

    branches.refit(kept, BRANCHES, 1e-3);
    plain.refit(kept, PLAIN, 1e-3);

    for (int layer = 0; layer < 3; layer++) {
      assertThat(branches.weights(layer)).isEqualTo(plain.weights(layer));
      assertThat(branches.bias(layer).orElseThrow()).isEqualTo(plain.bias(layer).orElseThrow());
    }
  }

  @Test
  void refit_whereNothingGoes_leavesAllBits() {
    SampleSum dense = SampleSum.drawn(50, 6, List.of(6, 8), true, 3);
    SampleSum layers = dense.copy();

    layers.refit(masks(dense, 1, 1), BRANCHES, 1e-3);

    assertThat(layers.weights(0)).isEqualTo(dense.weights(0));
    assertThat(layers.weights(1)).isEqualTo(dense.weights(1));
  }

  @Test
  void check_ofManyAddends_countsTheirProducts() {
    Refit refit = refit();
    List<ParameterShape> four = Collections.nCopies(4, Networks.shape("c.weight", 256, 256, 3, 3));

    refit.check(four, id -> four.subList(0, 2));

    assertThatThrownBy(() -> refit.check(four, id -> four))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("more than 67108864 values: found=106168320");
  }

  @Test
  void requests_ofARecipe_areThoseOfLeastSquaresAndProductsOfAddends() {
    assertThat(refit().requests())
        .containsExactly(
            StatisticRequest.of(InputStatistic.PRODUCTS, 8),
            StatisticRequest.of(InputStatistic.MEANS, 8),
            StatisticRequest.of(AddendProducts.OF_INPUTS, 8));
  }

  private static List<Mask> masks(SampleSum sum, double density, int seed) {
    List<Mask> masks = new ArrayList<>();
    for (int layer = 0; layer < sum.layers(); layer++) {
      masks.add(Networks.randomMask(sum.weights(layer).length, density, seed + layer));
    }
    return masks;
  }

  private static Refit refit() {
    return Refits.of(
            SampleLayer.prune(
                new MemberSettings(
                    BRANCHES, Map.of("inputs", "dense", "batches", 8, "ridge", 1e-3))))
        .orElseThrow();
  }
}
