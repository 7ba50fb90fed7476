package io.espalier.trainer.engine.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Activation.Function;
import io.espalier.trainer.network.Add;
import io.espalier.trainer.network.AveragePool;
import io.espalier.trainer.network.ChannelAffine;
import io.espalier.trainer.network.ChannelShuffle;
import io.espalier.trainer.network.Concat;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.GlobalAveragePool;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.LeakyRelu;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.LocalResponseNorm;
import io.espalier.trainer.network.MaxPool;
import io.espalier.trainer.network.Network;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Single layers against literal numbers and plain arithmetic. */
final class LayerForwardTest {
  private static final float[] POINTS = {-7, -3.5f, -2, -0.75f, 0.25f, 1, 2.5f, 4, 7};

  private static float[] random(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (random.nextDouble() * 2 - 1);
    }
    return values;
  }

  private static Network one(ImageShape input, Layer layer) {
    Network.Builder graph = Network.builder(input);
    graph.add("layer", layer, Network.INPUT);
    return graph.build();
  }

  @ParameterizedTest
  @CsvSource({"4, 8, 2, 3, 1, 1", "4, 4, 4, 3, 2, 1", "6, 12, 3, 2, 2, 0", "3, 6, 3, 5, 1, 2"})
  void convolution_grouped_agreesWithPlainArithmetic(
      int channels, int outputs, int groups, int kernel, int stride, int padding) {
    ImageShape input = new ImageShape(channels, 7, 6);
    Convolution layer = new Convolution(outputs, kernel, stride, padding, groups, true);
    float[] values = random(2 * input.size(), 1);
    try (Probe probe = new Probe(one(input, layer), 1)) {
      probe.set("layer.bias", random(outputs, 2));

      float[] output = probe.run(true, 2, values);

      float[] expected =
          convolved(layer, input, values, probe.value("layer.weight"), probe.value("layer.bias"));
      assertThat(output).containsExactly(expected, within(1e-5f));
    }
  }

  private static float[] convolved(
      Convolution layer, ImageShape in, float[] values, float[] weight, float[] bias) {
    int height = (in.height() + 2 * layer.padding() - layer.kernel()) / layer.stride() + 1;
    int width = (in.width() + 2 * layer.padding() - layer.kernel()) / layer.stride() + 1;
    float[] output = new float[2 * layer.outputs() * height * width];
    int inPart = in.channels() / layer.groups();
    int outPart = layer.outputs() / layer.groups();
    for (int i = 0; i < output.length; i++) {
      int column = i % width;
      int row = i / width % height;
      int out = i / width / height % layer.outputs();
      int example = i / width / height / layer.outputs();
      double sum = bias[out];
      for (int k = 0; k < inPart * layer.kernel() * layer.kernel(); k++) {
        int x = column * layer.stride() - layer.padding() + k % layer.kernel();
        int y = row * layer.stride() - layer.padding() + k / layer.kernel() % layer.kernel();
        int channel = out / outPart * inPart + k / layer.kernel() / layer.kernel();
        if (x >= 0 && x < in.width() && y >= 0 && y < in.height()) {
          int at = ((example * in.channels() + channel) * in.height() + y) * in.width() + x;
          sum += (double) values[at] * weight[out * inPart * layer.kernel() * layer.kernel() + k];
        }
      }
      output[i] = (float) sum;
    }
    return output;
  }

  @Test
  void linear_withoutBias_isTheProductAlone() {
    try (Probe probe = new Probe(one2(), 1)) {
      probe.set("layer.weight", 1, 2, 3, 4);

      assertThat(probe.run(true, 1, 10, 1)).containsExactly(12, 34);
      assertThat(probe.asked()).containsExactly("layer.weight");
    }
  }

  private static Network one2() {
    Network.Builder graph = Network.builder(new ImageShape(1, 1, 2));
    graph.add("flatten", new Flatten(), Network.INPUT);
    graph.add("layer", new Linear(2, false), "flatten");
    return graph.build();
  }

  @Test
  void maxPool_padded_neverPicksThePadding() {
    try (Probe probe = new Probe(one(new ImageShape(1, 3, 3), new MaxPool(3, 2, 1)), 1)) {
      float[] output = probe.run(true, 1, -1, -2, -3, -4, -5, -6, -7, -8, -9);

      assertThat(output).containsExactly(-1, -2, -4, -5);
    }
  }

  @Test
  void averagePool_padded_countsTheZeros() {
    try (Probe probe = new Probe(one(new ImageShape(1, 2, 2), new AveragePool(2, 2, 1, true)), 1)) {
      assertThat(probe.run(true, 1, 4, 8, 12, 16)).containsExactly(1, 2, 3, 4);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 0.5, 0.75, 1", "2, 3, 0.75, 2", "3, 2, 0.5, 1", "5, 1, 1, 0.5", "50, 9, 0.75, 1"})
  void localResponseNorm_windowsOfAnySize_hasValueAndSlopesOfItsFormula(
      int size, float alpha, float beta, float bias) {
    int channels = 5;
    ImageShape input = new ImageShape(channels, 1, 2);
    Network.Builder graph = Network.builder(input);
    String last = graph.add("shift", new ChannelAffine(false, true), Network.INPUT);
    graph.add("norm", new LocalResponseNorm(size, alpha, beta, bias), last);
    float[] values = random(2 * input.size(), 5);
    float[] weights = random(2 * input.size(), 6);
    try (Probe probe = new Probe(graph.build(), 1)) {
      float[] shift = random(channels, 7);
      probe.set("shift.shift", shift);
      LocalResponseNorm layer = new LocalResponseNorm(size, alpha, beta, bias);

      float[] output = probe.run(true, 2, values);
      probe.backward(Garbage::collect, weights, 2, values);

      double[] expected = normalised(layer, values, shift, -1, 0);
      for (int i = 0; i < output.length; i++) {
        assertThat((double) output[i]).isCloseTo(expected[i], within(1e-5));
      }
      for (int channel = 0; channel < channels; channel++) {
        double[] above = normalised(layer, values, shift, channel, 1e-4);
        double[] below = normalised(layer, values, shift, channel, -1e-4);
        double slope = 0;
        for (int i = 0; i < output.length; i++) {
          slope += weights[i] * (above[i] - below[i]) / 2e-4;
        }
        assertThat((double) probe.gradient("shift.shift")[channel]).isCloseTo(slope, within(1e-4));
      }
    }
  }

  /**
   * By its formula, of an image of two pixels, one of whose channels is shifted by {@code more}.
   */
  private static double[] normalised(
      LocalResponseNorm layer, float[] values, float[] shift, int moved, double more) {
    double[] shifted = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int channel = i / 2 % shift.length;
      shifted[i] = values[i] + shift[channel] + (channel == moved ? more : 0);
    }
    double[] output = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int channel = i / 2 % shift.length;
      int first = Math.max(0, channel - (layer.size() - 1) / 2);
      int last = Math.min(shift.length - 1, channel + layer.size() / 2);
      double sum = 0;
      for (int other = first; other <= last; other++) {
        sum += Math.pow(shifted[i + 2 * (other - channel)], 2);
      }
      double base = layer.bias() + (double) layer.alpha() / layer.size() * sum;
      output[i] = shifted[i] / Math.pow(base, layer.beta());
    }
    return output;
  }

  @Test
  void channelShuffle_ofThreeBlocks_takesTheFirstOfEachThenTheSecond() {
    try (Probe probe = new Probe(one(new ImageShape(6, 1, 2), new ChannelShuffle(3)), 1)) {
      assertThat(probe.run(true, 1, 0, 1, 10, 11, 20, 21, 30, 31, 40, 41, 50, 51))
          .containsExactly(0, 1, 20, 21, 40, 41, 10, 11, 30, 31, 50, 51);
    }
  }

  @Test
  void concat_ofImages_putsChannelsBehindOneAnother() {
    Network.Builder graph = Network.builder(new ImageShape(1, 2, 2));
    String pooled = graph.add("pool", new MaxPool(1, 1, 0), Network.INPUT);
    graph.add("concat", new Concat(), Network.INPUT, pooled, Network.INPUT);
    try (Probe probe = new Probe(graph.build(), 1)) {
      assertThat(probe.run(true, 2, 1, 2, 3, 4, 5, 6, 7, 8))
          .containsExactly(1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8);
    }
  }

  @Test
  void concat_ofVectorsOfTwoLengths_putsFeaturesBehindOneAnother() {
    Network.Builder graph = Network.builder(new ImageShape(2, 1, 2));
    graph.add("flatten", new Flatten(), Network.INPUT);
    graph.add("mean", new GlobalAveragePool(), Network.INPUT);
    graph.add("concat", new Concat(), "flatten", "mean");
    try (Probe probe = new Probe(graph.build(), 1)) {
      assertThat(probe.run(true, 1, 1, 3, 5, 9)).containsExactly(1, 3, 5, 9, 2, 7);
    }
  }

  @Test
  void add_ofThree_sumsAll() {
    Network.Builder graph = Network.builder(new ImageShape(1, 1, 2));
    graph.add("add", new Add(), Network.INPUT, Network.INPUT, Network.INPUT);
    try (Probe probe = new Probe(graph.build(), 1)) {
      assertThat(probe.run(true, 1, 2, -5)).containsExactly(6, -15);
    }
  }

  @ParameterizedTest
  @EnumSource(Function.class)
  void activation_everyFunction_hasValueAndSlopeOfItsFormula(Function function) {
    assertFormula(new Activation(function), formula(function));
  }

  @Test
  void leakyRelu_anySign_hasValueAndSlopeOfItsFormula() {
    assertFormula(new LeakyRelu(0.2f), x -> x > 0 ? x : 0.2 * x);
  }

  @ParameterizedTest
  @EnumSource(Function.class)
  void activation_garbageCollectedBeforeTheBackwardPass_hasTheSameSlope(Function function) {
    Network.Builder graph = Network.builder(new ImageShape(1, 1, 1));
    String last = graph.add("flatten", new Flatten(), Network.INPUT);
    last = graph.add("shift", new Linear(1, true), last);
    graph.add("activation", new Activation(function), last);
    try (Probe once = new Probe(graph.build(), 1);
        Probe again = new Probe(graph.build(), 1)) {
      once.backward(new float[] {1}, 1, 2.5f);
      again.backward(Garbage::collect, new float[] {1}, 1, 2.5f);

      assertThat(again.array("shift.bias").getGradient().toFloatArray())
          .isEqualTo(once.array("shift.bias").getGradient().toFloatArray());
    }
  }

  private static void assertFormula(Layer activation, DoubleUnaryOperator formula) {
    Network.Builder graph = Network.builder(new ImageShape(1, 1, 1));
    String last = graph.add("flatten", new Flatten(), Network.INPUT);
    last = graph.add("shift", new Linear(1, true), last);
    graph.add("activation", activation, last);
    for (float x : POINTS) {
      try (Probe probe = new Probe(graph.build(), 1)) {
        probe.set("shift.weight", 1);

        assertThat((double) probe.run(true, 1, x)[0])
            .as("value at %s", x)
            .isCloseTo(formula.applyAsDouble(x), within(1e-5));
        probe.backward(new float[] {1}, 1, x);
        double slope = (formula.applyAsDouble(x + 1e-4) - formula.applyAsDouble(x - 1e-4)) / 2e-4;
        assertThat((double) probe.array("shift.bias").getGradient().toFloatArray()[0])
            .as("slope at %s", x)
            .isCloseTo(slope, within(1e-5));
      }
    }
  }

  private static DoubleUnaryOperator formula(Function function) {
    return switch (function) {
      case RELU -> x -> Math.max(x, 0);
      case RELU6 -> x -> Math.min(Math.max(x, 0), 6);
      case HARD_SWISH -> x -> x * Math.min(Math.max(x + 3, 0), 6) / 6;
      case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
      case TANH -> Math::tanh;
      case GELU -> x -> x * normalDistribution(x);
      case GELU_TANH ->
          x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case SILU -> x -> x / (1 + Math.exp(-x));
    };
  }

  /** By Simpson's rule from 0, exact far beyond float. */
  private static double normalDistribution(double x) {
    int parts = 2000;
    double sum = 0;
    for (int i = 0; i <= parts; i++) {
      double t = x * i / parts;
      double factor = i == 0 || i == parts ? 1 : i % 2 == 0 ? 2 : 4;
      sum += factor * Math.exp(-t * t / 2);
    }
    return 0.5 + sum * x / parts / 3 / Math.sqrt(2 * Math.PI);
  }
}
