package io.espalier.masks.refit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.Statistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
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
      new MemberSettings("mean-folding", Map.of("inputs", "dense", "batches", 1));

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

  /** G = [[2, .5], [.5, 1]], A = [[1, .2, 0], [.2, 2, .3], [0, .3, 1.5]]. */
  @ParameterizedTest
  @CsvSource({"000111, 0, 0, 0, 1, 0, -.75", "101101, .6, 0, .1, .7, 0, -.8"})
  void kfac_ofTheWorkedFactors_isTheWorkedUpdate(
      String mask, float a, float b, float c, float d, float e, float f) {
    float[] weights = {1, -2, .5f, .5f, 1, -1};
    Mask kept = Networks.mask(mask);

    refit(
        kfac(1e-9),
        weights,
        3,
        kept,
        List.of(
            new float[] {1, .2f, 0, .2f, 2, .3f, 0, .3f, 1.5f},
            new float[3],
            new float[] {2, .5f, .5f, 1}));

    float[] expected = {a, b, c, d, e, f};
    kept.forEachKept(unit -> assertThat(weights[unit]).isCloseTo(expected[unit], within(1e-5f)));
  }

  /** Elimination over the kept weights under the whole product. */
  @Test
  void kfac_againstTheWholeProduct_isTheSame() {
    Random random = new Random(5);
    double[] inputs = products(random, 4, 9);
    double[] outputs = products(random, 3, 7);
    float[] weights = Networks.weights(List.of(Networks.shape("w", 3, 4)), 3).get(0);
    float[] dense = weights.clone();
    Mask kept = Networks.randomMask(12, .6, 2);

    refit(kfac(1e-9), weights, 4, kept, List.of(floats(inputs), new float[4], floats(outputs)));

    // The slope of ½ dᵀ(G ⊗ A)d by every kept weight is 0.
    for (int unit = 0; unit < 12; unit++) {
      double slope = 0;
      double scale = 0;
      for (int other = 0; other < 12; other++) {
        double change = kept.isKept(other) ? weights[other] - dense[other] : -dense[other];
        double curvature = outputs[unit / 4 * 3 + other / 4] * inputs[unit % 4 * 4 + other % 4];
        slope += curvature * change;
        scale += Math.abs(curvature * change);
      }
      if (kept.isKept(unit)) {
        assertThat(slope).isCloseTo(0, within(1e-5 * scale));
      }
    }
  }

  /** Gradients [1, 2, 0] and [0, 1, 1] at [1, −.5, 2] with λ = .1: the worked minimisers. */
  @ParameterizedTest
  @CsvSource({
    "110, true, -.428571, -.142857, 2",
    "101, true, -.666667, -.5, .75",
    "011, true, 1, -.538168, 1.198473",
    "011, false, 1, -.041985, 1.618321",
  })
  void chita_ofTheWorkedGradients_isTheWorkedMinimiser(
      String mask, boolean slope, float a, float b, float c) {
    float[] weights = {1, -.5f, 2};
    MemberSettings chita =
        new MemberSettings(
            "chita", Map.of("batches", 1, "rows", 2, "damping", .1 / (7 / 6.), "slope", slope));

    refit(chita, weights, 3, Networks.mask(mask), List.of(new float[] {1, 2, 0, 0, 1, 1}));

    assertThat(weights).containsExactly(new float[] {a, b, c}, within(1e-5f));
  }

  @Test
  void norms_ofTheWorkedLayer_areTheMomentsOfWhatIsLeft() {
    SampleLayer dense = SampleLayer.drawn(2, 40, 5, 4, true, 3);
    Mask kept = Networks.randomMask(20, .5, 7);
    SampleLayer layer = dense.copy();
    ParameterId mean = new ParameterId("norm.mean");
    ParameterId variance = new ParameterId("norm.variance");
    Map<ParameterId, float[]> moments = Map.of(mean, new float[4], variance, new float[4]);
    EditableState state =
        new EditableState() {
          @Override
          public float[] values(ParameterId id) {
            return Optional.ofNullable(moments.get(id)).orElseGet(() -> layer.values(id));
          }

          @Override
          public Optional<ParameterId> bias(ParameterId weight) {
            return layer.bias(weight);
          }

          @Override
          public Optional<Norm> norm(ParameterId weight) {
            return Optional.of(new Norm(mean, variance));
          }

          @Override
          public boolean isFrozen(ParameterId id) {
            return false;
          }
        };

    layer.refit(state, kept, new MemberSettings("norms", Map.of("inputs", "dense", "batches", 1)));

    for (int output = 0; output < 4; output++) {
      double[] left = layer.outputs(output, kept);
      double expected = mean(left);
      double squares = 0;
      for (double value : left) {
        squares += (value - expected) * (value - expected) / left.length;
      }
      assertThat((double) state.values(mean)[output]).isCloseTo(expected, within(1e-4));
      assertThat((double) state.values(variance)[output]).isCloseTo(squares, within(1e-3));
    }
    assertThat(layer.weights()).isEqualTo(dense.weights());
  }

  /** Refits one layer without bias, by statistics in the order of the requests. */
  private static void refit(
      MemberSettings settings, float[] weights, int features, Mask kept, List<float[]> statistics) {
    Refit refit = Refits.of(SampleLayer.prune(settings)).orElseThrow();
    Statistics all = Statistics.none();
    for (int i = 0; i < statistics.size(); i++) {
      all = all.withArrays(refit.requests().get(i), List.of(statistics.get(i)));
    }
    SampleLayer layer =
        new SampleLayer(
            new double[1][1][features],
            weights.length / features,
            weights,
            Optional.empty(),
            Set.of());
    refit.refit(
        layer,
        MaskSet.of(
            new MaskVersion(1),
            Layout.dense(
                List.of(
                    new ParameterShape(
                        SampleLayer.WEIGHT, List.of(weights.length / features, features)))),
            List.of(SampleLayer.WEIGHT),
            List.of(kept)),
        all);
  }

  private static MemberSettings kfac(double damping) {
    return new MemberSettings(
        "kfac", Map.of("inputs", "dense", "batches", 1, "damping", damping, "iterations", 1_000));
  }

  /** Mean products of normal rows. */
  private static double[] products(Random random, int size, int rows) {
    double[] products = new double[size * size];
    for (int row = 0; row < rows; row++) {
      double[] values = random.doubles(size).map(value -> 2 * value - 1).toArray();
      for (int pair = 0; pair < products.length; pair++) {
        products[pair] += values[pair / size] * values[pair % size] / rows;
      }
    }
    return products;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
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
    return new MemberSettings(
        "admm", Map.of("inputs", "dense", "batches", 1, "rho", rho, "iterations", iterations));
  }

  private static MemberSettings sparsegpt(double damping) {
    return new MemberSettings(
        "sparsegpt", Map.of("inputs", "dense", "batches", 1, "damping", damping));
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
