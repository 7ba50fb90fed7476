package io.espalier.trainer.engine.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.GroupNorm;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GroupNormTest {
  private static final int BATCH = 3;

  private static Network alone(ImageShape input, GroupNorm norm) {
    Network.Builder graph = Network.builder(input);
    graph.add("norm", norm, Network.INPUT);
    return graph.build();
  }

  @Test
  void forward_twoGroups_normalisesEachExampleAndGroupByItself() {
    GroupNorm norm = new GroupNorm(2, 4);
    try (Probe probe = new Probe(alone(new ImageShape(4, 1, 2), norm), 1)) {
      probe.set("norm.scale", 3, 6, 3, 9);
      probe.set("norm.shift", 0, 1, 2, 3);

      // Means 4 and 2, variances 5 and 5; then all of one value
      float[] output = probe.run(true, 2, 1, 3, 5, 7, 5, 3, 1, -1, 8, 8, 8, 8, -8, -8, -8, -8);

      assertThat(output)
          .containsExactly(
              new float[] {-3, -1, 3, 7, 5, 3, 0, -6, 0, 0, 1, 1, 2, 2, 3, 3}, within(1e-5f));
    }
  }

  @Test
  void forward_oneGroupOfAVector_isLayerNormWithAScaleAndShiftPerFeature() {
    Network.Builder graph = Network.builder(new ImageShape(1, 2, 2));
    graph.add("flatten", new Flatten(), Network.INPUT);
    graph.add("norm", new GroupNorm(1, 4), "flatten");
    try (Probe probe = new Probe(graph.build(), 1)) {
      probe.set("norm.scale", 3, 6, -3, 0);
      probe.set("norm.shift", 0, 1, 2, 3);

      assertThat(probe.run(false, 2, 1, 3, 5, 7, 0, 0, 0, 0))
          .containsExactly(new float[] {-3, -1, 1, 3, 0, 1, 2, 3}, within(1e-5f));
    }
  }

  @Test
  void forward_asManyGroupsAsChannels_normalisesEachChannel() {
    GroupNorm norm = new GroupNorm(2, 3);
    try (Probe probe = new Probe(alone(new ImageShape(2, 1, 2), norm), 1)) {
      assertThat(probe.run(false, 1, 1, 3, 10, 12))
          .containsExactly(new float[] {-0.5f, 0.5f, -0.5f, 0.5f}, within(1e-5f));
    }
  }

  @Test
  void parameters_areScaleAndShift_whichStartAtOneAndZero() {
    try (Probe probe =
        new Probe(alone(new ImageShape(4, 2, 2), new GroupNorm(2, Layer.EPSILON)), 1)) {
      assertThat(probe.block().network().parameters())
          .extracting(spec -> spec.id() + " " + spec.shape().dimensions() + " " + spec.role())
          .containsExactly("norm.scale [4] NORM_SCALE", "norm.shift [4] NORM_SHIFT");
      assertThat(probe.value("norm.scale")).containsOnly(1);
      assertThat(probe.value("norm.shift")).containsOnly(0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void groups_lessThanOne_areRefused(int groups) {
    assertThatThrownBy(() -> new GroupNorm(groups, Layer.EPSILON))
        .hasMessage("groups must be 1 or more: groups=" + groups);
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -1e-5f, Float.NaN, Float.POSITIVE_INFINITY})
  void epsilon_notAboveZero_isRefused(float epsilon) {
    assertThatThrownBy(() -> new GroupNorm(1, epsilon))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("epsilon=" + epsilon);
  }

  @Test
  void groups_thatDoNotFitTheInput_areRefused() {
    assertThatThrownBy(() -> alone(new ImageShape(6, 2, 2), new GroupNorm(4, Layer.EPSILON)))
        .hasMessage("its groups must divide its channels: groups=4, input=6×2×2");
    assertThatThrownBy(() -> alone(new ImageShape(6, 1, 1), new GroupNorm(6, Layer.EPSILON)))
        .hasMessage("each of its groups must have two values or more: groups=6, input=6×1×1");
  }

  /** A network with a norm, and the same in double precision by plain arithmetic. */
  private record Reference(int groups, int channels, int side, boolean vector) {
    float[] input() {
      return random(BATCH * 2 * side * side, 3);
    }

    /** A 1×1 convolution, whose output is laid out anew, then the norm, of an image or vector. */
    Network network() {
      Network.Builder graph = Network.builder(new ImageShape(2, side, side));
      String last = graph.add("conv", new Convolution(channels, 1, 1, 0, 1, false), Network.INPUT);
      last = vector ? graph.add("flatten", new Flatten(), last) : last;
      graph.add("norm", new GroupNorm(groups, Layer.EPSILON), last);
      return graph.build();
    }

    int places() {
      return side * side;
    }

    int scales() {
      return vector ? channels * places() : channels;
    }

    double[] output(double[] weight, double[] scale, double[] shift) {
      int size = channels * places();
      float[] input = input();
      double[] values = new double[BATCH * size];
      for (int i = 0; i < values.length; i++) {
        int channel = i % size / places();
        for (int c = 0; c < 2; c++) {
          values[i] +=
              weight[channel * 2 + c] * input[(i / size * 2 + c) * places() + i % places()];
        }
      }
      int length = size / groups;
      for (int start = 0; start < values.length; start += length) {
        double[] block = Arrays.copyOfRange(values, start, start + length);
        double mean = Arrays.stream(block).sum() / length;
        double variance = Arrays.stream(block).map(x -> (x - mean) * (x - mean)).sum() / length;
        for (int i = start; i < start + length; i++) {
          int at = i % size / (size / scales());
          values[i] = (values[i] - mean) / Math.sqrt(variance + 1e-5) * scale[at] + shift[at];
        }
      }
      return values;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 6, 3, false",
    "2, 6, 3, false",
    "3, 6, 4, false",
    "6, 6, 3, false",
    "1, 4, 2, true",
    "2, 4, 2, true",
    "8, 4, 2, true"
  })
  void forwardAndBackward_behindAConvolution_agreeWithPlainArithmeticInDoubles(
      int groups, int channels, int side, boolean vector) {
    Reference reference = new Reference(groups, channels, side, vector);
    float[] weight = random(channels * 2, 4);
    float[] scale = random(reference.scales(), 5);
    float[] shift = random(reference.scales(), 6);
    float[] factors = random(BATCH * channels * side * side, 7);
    try (Probe probe = new Probe(reference.network(), 1)) {
      probe.set("conv.weight", weight);
      probe.set("norm.scale", scale);
      probe.set("norm.shift", shift);

      // When
      float[] training = probe.run(true, BATCH, reference.input());
      float[] evaluation = probe.run(false, BATCH, reference.input());
      probe.backward(factors, BATCH, reference.input());

      // Then
      double[] w = doubles(weight);
      double[] a = doubles(scale);
      double[] b = doubles(shift);
      assertThat(doubles(training)).containsExactly(reference.output(w, a, b), within(1e-4));
      assertThat(evaluation).isEqualTo(training);
      assertGradient(probe, "conv.weight", w, factors, x -> reference.output(x, a, b));
      assertGradient(probe, "norm.scale", a, factors, x -> reference.output(w, x, b));
      assertGradient(probe, "norm.shift", b, factors, x -> reference.output(w, a, x));
    }
  }

  /** Central differences of Σ factors · output. */
  private static void assertGradient(
      Probe probe,
      String parameter,
      double[] at,
      float[] factors,
      Function<double[], double[]> output) {
    double step = 1e-5;
    double[] expected = new double[at.length];
    for (int i = 0; i < at.length; i++) {
      double[] above = at.clone();
      double[] below = at.clone();
      above[i] += step;
      below[i] -= step;
      double[] high = output.apply(above);
      double[] low = output.apply(below);
      for (int k = 0; k < factors.length; k++) {
        expected[i] += factors[k] * (high[k] - low[k]) / (2 * step);
      }
    }
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(doubles(probe.array(parameter).getGradient().toFloatArray()))
        .as(parameter)
        .containsExactly(expected, within(1e-4 * Math.max(1, largest)));
  }

  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "1, true", "2, true"})
  void backward_garbageCollectedBefore_hasTheSameGradients(int groups, boolean vector) {
    Reference reference = new Reference(groups, 4, 3, vector);
    float[] factors = random(BATCH * 4 * 9, 7);
    try (Probe once = new Probe(reference.network(), 1);
        Probe again = new Probe(reference.network(), 1)) {
      once.backward(factors, BATCH, reference.input());
      again.backward(Garbage::collect, factors, BATCH, reference.input());

      for (String parameter : once.asked()) {
        assertThat(again.array(parameter).getGradient().toFloatArray())
            .as(parameter)
            .isEqualTo(once.array(parameter).getGradient().toFloatArray());
      }
    }
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static float[] random(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (random.nextDouble() * 2 - 1);
    }
    return values;
  }
}
