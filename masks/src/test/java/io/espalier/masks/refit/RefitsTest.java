package io.espalier.masks.refit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Refits beside least squares, by worked numbers and against a direct solve. */
class RefitsTest {
  private static final double[][] WORKED = {{1, 0, 2}, {1, 3, 2}, {1, 0, -2}, {1, 4, 2}};
  private static final MemberSettings FOLDING =
      new MemberSettings("mean-folding", Map.of("batches", 1));

  /** The update of optimal brain surgeon is restricted least squares under the damped Hessian. */
  @Test
  void leastSquares_ofTheWorkedInputs_isTheUpdateOfOptimalBrainSurgeon() {
    SampleLayer layer = SampleLayer.of(WORKED, 3, -1, .5f);

    layer.refit(Networks.mask("101"), .01);

    assertThat(layer.weights()[0]).isCloseTo(1.881866f, within(1e-5f));
    assertThat(layer.weights()[2]).isCloseTo(-.089936f, within(1e-5f));
  }

  /** W = [[3, −1, .5], [−.2, 2, 1]] without unit 1. */
  @Test
  void meanFolding_ofTheWorkedLayer_leavesTheVarianceOfWhatGoes() {
    SampleLayer dense = worked();
    SampleLayer layer = dense.copy();
    Mask kept = Networks.mask("101101");

    layer.refit(kept, FOLDING);

    assertThat(layer.biases().orElseThrow()).containsExactly(-1.75f, 3.5f);
    assertThat(error(layer, dense, kept, 0)).isCloseTo(3.1875, within(1e-6));
    assertThat(error(layer, dense, kept, 1)).isCloseTo(12.75, within(1e-6));
    assertThat(error(dense, dense, kept, 0)).isCloseTo(6.25, within(1e-6));
    assertThat(error(dense, dense, kept, 1)).isCloseTo(25, within(1e-6));
  }

  /** Unit 0 is always 1: the bias takes [3, −.2], and outputs stay. */
  @Test
  void meanFolding_ofAConstantInput_changesNoOutput() {
    SampleLayer dense = worked();
    SampleLayer layer = dense.copy();
    Mask kept = Networks.mask("011011");

    layer.refit(kept, FOLDING);

    assertThat(layer.biases().orElseThrow()).containsExactly(3, -.2f);
    assertThat(layer.error(dense, kept)).isCloseTo(0, within(1e-12));
  }

  @Test
  void meanFolding_ofGroups_keepsTheMeanOfEveryOutput_andNoWeightChanges() {
    SampleLayer dense = SampleLayer.drawn(2, 40, 5, 6, true, 3);
    SampleLayer layer = dense.copy();
    Mask kept = Networks.randomMask(30, .5, 7);

    layer.refit(kept, FOLDING);

    for (int output = 0; output < 6; output++) {
      assertThat(mean(layer.outputs(output, kept)))
          .isCloseTo(mean(dense.outputs(output, Mask.allKept(30))), within(1e-5));
    }
    assertThat(layer.weights()).isEqualTo(dense.weights());
  }

  @Test
  void meanFolding_withoutABias_orWithAFrozenOne_changesNothing() {
    SampleLayer bare = SampleLayer.of(WORKED, 3, -1, .5f);
    SampleLayer frozen = worked().frozen(SampleLayer.BIAS);

    bare.refit(Networks.mask("101"), FOLDING);
    frozen.refit(Networks.mask("101101"), FOLDING);

    assertThat(bare.weights()).containsExactly(3, -1, .5f);
    assertThat(frozen.biases().orElseThrow()).containsExactly(0, 0);
  }

  /** One of five weights of equal size stays. */
  @Test
  void rescale_atTheWorkedDensity_hasTheWorkedFactor() {
    float[] weights = {1, -1, 1, 1, -1};
    SampleLayer layer = SampleLayer.of(new double[][] {{1, 1, 1, 1, 1}}, weights);

    layer.refit(Networks.mask("01000"), MemberSettings.of("rescale"));

    assertThat(layer.weights()[1]).isCloseTo(-2.236068f, within(1e-6f));
  }

  @Test
  void rescale_ofALayerThatKeepsNothing_changesNothing() {
    SampleLayer layer = SampleLayer.of(new double[][] {{1, 1}}, 1, 2);

    layer.refit(Mask.noneKept(2), MemberSettings.of("rescale"));

    assertThat(layer.weights()).containsExactly(1, 2);
  }

  @ParameterizedTest
  @CsvSource({"1, 60, 9, 8, true, .5", "2, 80, 6, 8, true, .4", "1, 60, 12, 4, false, .7"})
  void admm_afterManyIterations_isLeastSquares(
      int groups, int rows, int features, int outputs, boolean bias, double density) {
    SampleLayer dense = SampleLayer.drawn(groups, rows, features, outputs, bias, 5);
    SampleLayer layer = dense.copy();
    SampleLayer direct = dense.copy();
    Mask kept = Networks.randomMask(outputs * features, density, 7);

    layer.refit(kept, admm(.3, 10_000));

    for (int output = 0; output < outputs; output++) {
      double[] expected = NormalEquations.solved(direct, output, kept, 0);
      for (int i = 0; i < features; i++) {
        int unit = output * features + i;
        if (kept.isKept(unit)) {
          assertThat((double) layer.weights()[unit]).isCloseTo(expected[i], within(2e-3));
        }
      }
      if (bias) {
        assertThat((double) layer.biases().orElseThrow()[output])
            .isCloseTo(expected[features], within(2e-3));
      }
    }
  }

  @Test
  void admm_ofTheDefaultIterations_losesLessThanNone() {
    SampleLayer dense = SampleLayer.drawn(1, 200, 20, 10, true, 9);
    SampleLayer layer = dense.copy();
    Mask kept = Networks.randomMask(200, .5, 3);
    double before = layer.error(dense, kept);

    layer.refit(kept, admm(1, 20));

    assertThat(layer.error(dense, kept)).isLessThan(.7 * before);
  }

  /** After input 1 goes, only input 2 and what is behind it make up for it. */
  @Test
  void sparsegpt_ofTheWorkedInputs_subtractsTheRowOfTheFactor() {
    SampleLayer layer = SampleLayer.of(WORKED, 3, -1, .5f);

    layer.refit(Networks.mask("101"), sparsegpt(.01));

    // H[2,2] d = H[2,1] w[1] with H[2,1] = 7 and, damped, H[2,2] = 8.075
    assertThat(layer.weights()[0]).isEqualTo(3);
    assertThat(layer.weights()[2]).isCloseTo((float) (.5 - 7 / 8.075), within(1e-5f));
  }

  /** Without later inputs that stay there is nothing to make up with. */
  @ParameterizedTest
  @ValueSource(strings = {"111", "110", "100"})
  void sparsegpt_whereNothingBehindStays_changesNoWeight(String kept) {
    SampleLayer layer = SampleLayer.of(WORKED, 3, -1, .5f);

    layer.refit(Networks.mask(kept), sparsegpt(.01));

    assertThat(layer.weights()).containsExactly(3, -1, .5f);
  }

  /** Where all that goes comes first, it is least squares under the same damping. */
  @Property(tries = 50)
  void sparsegpt_whereAllThatGoesComesFirst_isLeastSquares(
      @ForAll @IntRange(min = 1, max = 7) int gone,
      @ForAll boolean bias,
      @ForAll @IntRange(min = 0, max = 1000) int seed) {
    SampleLayer dense = SampleLayer.drawn(2, 30, 8, 4, bias, seed);
    SampleLayer layer = dense.copy();
    SampleLayer direct = dense.copy();
    Mask kept = Mask.of(32, unit -> unit % 8 >= gone);

    layer.refit(kept, sparsegpt(.01));
    direct.refit(kept, .01);

    for (int unit = 0; unit < 32; unit++) {
      if (kept.isKept(unit)) {
        assertThat(layer.weights()[unit]).isCloseTo(direct.weights()[unit], within(1e-3f));
      }
    }
  }

  @Property(tries = 50)
  void sparsegpt_onTheMeasuredInputs_isNotWorseThanNone(
      @ForAll @DoubleRange(min = .2, max = .9) double density,
      @ForAll @IntRange(min = 0, max = 1000) int seed) {
    SampleLayer dense = SampleLayer.drawn(1, 60, 12, 20, true, seed);
    SampleLayer layer = dense.copy();
    Mask kept = Networks.randomMask(240, density, seed);
    double before = layer.error(dense, kept);

    layer.refit(kept, sparsegpt(.01));

    assertThat(layer.error(dense, kept)).isLessThan(before);
  }

  private static SampleLayer worked() {
    return new SampleLayer(
        new double[][][] {WORKED},
        2,
        new float[] {3, -1, .5f, -.2f, 2, 1},
        Optional.of(new float[2]),
        Set.of());
  }

  private static MemberSettings admm(double rho, int iterations) {
    return new MemberSettings("admm", Map.of("batches", 1, "rho", rho, "iterations", iterations));
  }

  private static MemberSettings sparsegpt(double damping) {
    return new MemberSettings("sparsegpt", Map.of("batches", 1, "damping", damping));
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value / values.length;
    }
    return sum;
  }

  private static double error(SampleLayer layer, SampleLayer dense, Mask kept, int output) {
    double[] found = layer.outputs(output, kept);
    double[] expected = dense.outputs(output, Mask.allKept(6));
    double sum = 0;
    for (int row = 0; row < found.length; row++) {
      sum += (found[row] - expected[row]) * (found[row] - expected[row]) / found.length;
    }
    return sum;
  }
}
