package io.espalier.masks.refit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.PruneConfig;
import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeastSquaresTest {
  private static final double[][] WORKED = {{1, 0, 1.01}, {0, 1, 0}, {-1, 0, -.99}, {0, -1, 0}};
  private static final double LEAST = 1e-9;

  @ParameterizedTest
  @CsvSource({"011, .5, 5e-5", "101, 2, 2", "110, 4.50045, 4.5e-4"})
  void refit_ofTheWorkedLayer_leavesTheWorkedErrors(String kept, double naive, double refitted) {
    SampleLayer dense = SampleLayer.of(WORKED, 1, 2, 3);
    SampleLayer layer = dense.copy();
    Mask mask = Networks.mask(kept);

    double before = layer.error(dense, mask);
    layer.refit(mask, LEAST);

    assertThat(before).isCloseTo(naive, within(1e-5 * naive));
    assertThat(layer.error(dense, mask)).isCloseTo(refitted, within(1e-3 * refitted));
  }

  /** y = 2 x₀ + x₁ with x₁ = 3 always: the bias takes what the constant input gave. */
  @Test
  void refit_withABias_movesAConstantInputIntoIt() {
    double[][] inputs = {{1, 3}, {-1, 3}};
    SampleLayer layer =
        new SampleLayer(
            new double[][][] {inputs},
            1,
            new float[] {2, 1},
            Optional.of(new float[] {.5f}),
            Set.of());

    layer.refit(Networks.mask("10"), LEAST);

    assertThat(layer.weights()[0]).isCloseTo(2, within(1e-6f));
    assertThat(layer.biases().orElseThrow()[0]).isCloseTo(3.5f, within(1e-5f));
  }

  @Test
  void refit_ofAnOutputThatKeepsNothing_leavesItsMeanInTheBias() {
    SampleLayer dense = SampleLayer.drawn(1, 50, 4, 1, true, 3);
    SampleLayer layer = dense.copy();
    double mean = 0;
    for (double value : dense.outputs(0, Mask.allKept(4))) {
      mean += value / 50;
    }

    layer.refit(Mask.noneKept(4), LEAST);

    assertThat((double) layer.biases().orElseThrow()[0]).isCloseTo(mean, within(1e-4));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 60, 9, 8, true, .5, 1e-9",
    "1, 60, 9, 8, false, .3, 1e-3",
    "3, 80, 6, 9, true, .5, .01",
    "1, 5, 12, 4, true, .4, .1",
    "2, 4, 12, 6, false, .6, 1",
    "1, 60, 9, 60, true, .85, 1e-3",
    "2, 60, 9, 120, false, .9, .01",
    "1, 6, 12, 90, true, .9, .1",
  })
  void refit_againstEliminationOverTheInputs_isTheSame(
      int groups, int rows, int features, int outputs, boolean bias, double density, double ridge) {
    SampleLayer dense = SampleLayer.drawn(groups, rows, features, outputs, bias, 5);
    SampleLayer layer = dense.copy();
    Mask kept = Networks.randomMask(outputs * features, density, 7);

    layer.refit(kept, ridge);

    for (int output = 0; output < outputs; output++) {
      double[] expected = NormalEquations.solved(dense, output, kept, ridge);
      for (int i = 0; i < features; i++) {
        int unit = output * features + i;
        if (kept.isKept(unit)) {
          assertThat((double) layer.weights()[unit]).isCloseTo(expected[i], within(1e-3));
        }
      }
      if (bias) {
        assertThat((double) layer.biases().orElseThrow()[output])
            .isCloseTo(expected[features], within(1e-3));
      }
    }
  }

  /** Fewer rows than inputs too, whose products are singular. */
  @Property(tries = 200)
  void refit_onTheMeasuredInputs_isNeverWorseThanNone(
      @ForAll @IntRange(min = 1, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 12) int features,
      @ForAll @IntRange(min = 1, max = 60) int outputs,
      @ForAll boolean bias,
      @ForAll @DoubleRange(min = 0, max = 1) double density,
      @ForAll @IntRange(min = 1, max = 8) int digits,
      @ForAll @IntRange(min = 0, max = 1000) int seed) {
    SampleLayer dense = SampleLayer.drawn(1, rows, features, outputs, bias, seed);
    SampleLayer layer = dense.copy();
    Mask kept = Networks.randomMask(outputs * features, density, seed);

    double before = layer.error(dense, kept);
    layer.refit(kept, Math.pow(10, -digits));

    assertThat(layer.error(dense, kept)).isLessThanOrEqualTo(before + 1e-5);
  }

  @Test
  void refit_ofInputsNeverSeen_orAlwaysTheSame_staysFinite() {
    double[][] inputs = {{0, 2, 2, 2}, {0, -1, -1, -1}};
    SampleLayer dense = SampleLayer.of(inputs, 9, 1, 1, 1);
    SampleLayer layer = dense.copy();
    Mask kept = Networks.mask("1110");

    layer.refit(kept, LEAST);

    assertThat(layer.weights()[0]).isEqualTo(9);
    assertThat(layer.weights()[1]).isCloseTo(1.5f, within(1e-3f));
    assertThat(layer.weights()[2]).isCloseTo(1.5f, within(1e-3f));
    assertThat(layer.error(dense, kept)).isLessThan(1e-6);
  }

  @Test
  void refit_ofRowsThatLoseNothing_leavesTheirBits() {
    SampleLayer dense = SampleLayer.drawn(1, 30, 5, 2, true, 1);
    SampleLayer layer = dense.copy();
    SampleLayer unseen = SampleLayer.of(new double[][] {{0, 0}}, 1, 2);

    layer.refit(Networks.mask("1111110100"), 1e-3);
    unseen.refit(Networks.mask("10"), 1e-3);

    for (int i = 0; i < 5; i++) {
      assertThat(layer.weights()[i]).isEqualTo(dense.weights()[i]);
    }
    assertThat(layer.biases().orElseThrow()[0]).isEqualTo(dense.biases().orElseThrow()[0]);
    assertThat(layer.weights()[5]).isNotEqualTo(dense.weights()[5]);
    assertThat(unseen.weights()).containsExactly(1, 2);
  }

  /** Columns go in all rows at once: one factorisation, the results of three. */
  @Test
  void refit_ofRowsThatKeepTheSame_isThatOfEachAlone() {
    SampleLayer together = SampleLayer.drawn(1, 30, 4, 3, false, 2);
    SampleLayer dense = together.copy();

    together.refit(Networks.mask("101010101010"), 1e-3);

    for (int output = 0; output < 3; output++) {
      float[] own = Arrays.copyOfRange(dense.weights(), 4 * output, 4 * output + 4);
      SampleLayer alone = SampleLayer.of(dense.inputsOf(0), own);
      alone.refit(Networks.mask("1010"), 1e-3);
      assertThat(together.weights()[4 * output]).isEqualTo(alone.weights()[0]);
      assertThat(together.weights()[4 * output + 2]).isEqualTo(alone.weights()[2]);
    }
  }

  @Test
  void refit_ofFrozenParameters_leavesThem() {
    SampleLayer dense = SampleLayer.drawn(1, 30, 4, 2, true, 2);
    SampleLayer frozenWeight = dense.copy().frozen(SampleLayer.WEIGHT);
    SampleLayer frozenBias = dense.copy().frozen(SampleLayer.BIAS);
    Mask kept = Networks.mask("10101010");

    frozenWeight.refit(kept, 1e-3);
    frozenBias.refit(kept, 1e-3);

    assertThat(frozenWeight.weights()).isEqualTo(dense.weights());
    assertThat(frozenWeight.biases().orElseThrow()).isEqualTo(dense.biases().orElseThrow());
    assertThat(frozenBias.weights()).isNotEqualTo(dense.weights());
    assertThat(frozenBias.biases().orElseThrow()).isEqualTo(dense.biases().orElseThrow());
  }

  @Test
  void check_ofWideLayers_isRefusedWithTheWayOut() {
    Refit refit = refit();

    refit.check(List.of(Networks.shape("conv.weight", 512, 256, 3, 3)));

    assertThatThrownBy(() -> refit.check(List.of(Networks.shape("fc.weight", 10, 2305))))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "prune.refit: must be none where an output of a prunable weight sums over more than 2304"
                + " inputs: weight=fc.weight, inputs=2305; leave refit away, or wide weights dense by"
                + " prune.exclude");
    assertThatThrownBy(
            () -> refit.check(Collections.nCopies(13, Networks.shape("c.weight", 256, 256, 3, 3))))
        .hasMessageContaining("more than 67108864 values: found=69009408");
  }

  @Test
  void requests_ofARecipe_areProductsAndMeansOverItsBatches() {
    assertThat(refit().requests())
        .containsExactly(
            StatisticRequest.of(InputStatistic.PRODUCTS, 8),
            StatisticRequest.of(InputStatistic.MEANS, 8));
    assertThat(Refits.of(SampleLayer.prune(MemberSettings.of("none")))).isEmpty();
  }

  private static Refit refit() {
    PruneConfig prune =
        SampleLayer.prune(
            new MemberSettings(
                "least-squares", Map.of("inputs", "dense", "batches", 8, "ridge", 1e-3)));
    return Refits.of(prune).orElseThrow();
  }
}
