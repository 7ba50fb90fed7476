package io.espalier.trainer.engine.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.BatchNorm;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Network;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Norms that are folded against the engine's own, and their statistics against sums in double. */
final class FoldedBatchNormTest {
  private static final List<String> VALUES =
      List.of("conv.weight", "norm.scale", "norm.shift", "norm.mean", "norm.variance");

  private static Network network(int channels, int side) {
    Network.Builder graph = Network.builder(new ImageShape(1, side, side));
    String conv = graph.add("conv", new Convolution(channels, 3, 1, 1, 1, false), Network.INPUT);
    String norm = graph.add("norm", new BatchNorm(Layer.EPSILON), conv);
    graph.add("act", new Activation(Activation.Function.RELU), norm);
    return graph.build();
  }

  private static float[] draws(int count, double offset, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (offset + random.nextGaussian());
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({"13, 16, 32", "4, 16, 32", "5, 16, 32", "1, 32, 32", "22, 10, 16", "3, 28, 32"})
  void train_narrowOddWidth_equalsTheEnginesOwnNormUpToRounding(int channels, int side, int batch) {
    Network network = network(channels, side);
    float[] input = draws(batch * side * side, 0, 1);
    float[] weights = draws(batch * channels * side * side, 0.3, 2);
    try (Probe folded = new Probe(network, 3, true);
        Probe plain = new Probe(network, 3, false)) {
      for (Probe probe : List.of(folded, plain)) {
        probe.set("norm.scale", draws(channels, 1, 4));
        probe.set("norm.shift", draws(channels, 0, 5));
      }

      folded.backward(weights, batch, input);
      plain.backward(weights, batch, input);

      for (String name : VALUES) {
        assertThat(folded.value(name)).as(name).containsExactly(plain.value(name), within(1e-5f));
      }
      for (String name : VALUES.subList(0, 3)) {
        float[] expected = plain.gradient(name);
        assertThat(folded.gradient(name))
            .as(name)
            .containsExactly(expected, within(1e-4f * largest(expected)));
      }
      float[] output = plain.run(true, batch, input);
      assertThat(folded.run(true, batch, input))
          .containsExactly(output, within(1e-4f))
          .as("another order of sums, or nothing was folded")
          .isNotEqualTo(output);
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "100"})
  void train_anyMean_hasStatisticsOfSumsInDouble(double offset) {
    int side = 32;
    int batch = 64;
    float[] input = draws(batch * side * side, offset, 6);
    Network.Builder graph = Network.builder(new ImageShape(1, side, side));
    String conv = graph.add("conv", new Convolution(1, 1, 1, 0, 1, false), Network.INPUT);
    graph.add("norm", new BatchNorm(Layer.EPSILON), conv);
    try (Probe probe = new Probe(graph.build(), 1, true)) {
      probe.set("conv.weight", 1);
      probe.block().useNormMomentum(0);

      probe.run(true, batch, input);

      double sum = 0;
      for (float value : input) {
        sum += value;
      }
      double mean = sum / input.length;
      double squares = 0;
      for (float value : input) {
        squares += (value - mean) * (value - mean);
      }
      assertThat(probe.value("norm.mean")[0]).isCloseTo((float) mean, within((float) 1e-5));
      assertThat(probe.value("norm.variance")[0])
          .isCloseTo((float) (squares / (input.length - 1)), within(1e-5f));
    }
  }

  /** Whole vectors, many channels, few values, cells that make no whole rows. */
  @ParameterizedTest
  @CsvSource({"16, 16, 32", "27, 16, 32", "13, 4, 16", "3, 33, 11"})
  void train_notFaster_hasTheBitsOfTheEngine(int channels, int side, int batch) {
    Network network = network(channels, side);
    float[] input = draws(batch * side * side, 0, 7);
    float[] weights = draws(batch * channels * side * side, 0.3, 8);
    try (Probe folding = new Probe(network, 9, true);
        Probe plain = new Probe(network, 9, false)) {
      folding.backward(weights, batch, input);
      plain.backward(weights, batch, input);

      assertThat(folding.run(true, batch, input)).isEqualTo(plain.run(true, batch, input));
      for (String name : VALUES) {
        assertThat(folding.value(name)).as(name).isEqualTo(plain.value(name));
      }
      assertThat(folding.gradient("conv.weight")).isEqualTo(plain.gradient("conv.weight"));
    }
  }

  /** The backward pass reads the numbers that the forward pass made. */
  @Test
  void train_garbageCollectedBetweenThePasses_hasTheSameGradients() {
    Network network = network(13, 16);
    float[] input = draws(32 * 16 * 16, 0, 16);
    float[] weights = draws(32 * 13 * 16 * 16, 0.3, 17);
    try (Probe collected = new Probe(network, 18, true);
        Probe other = new Probe(network, 18, true)) {
      collected.backward(Garbage::collect, weights, 32, input);
      other.backward(weights, 32, input);

      for (String name : VALUES.subList(0, 3)) {
        assertThat(collected.gradient(name)).as(name).isEqualTo(other.gradient(name));
      }
    }
  }

  @Test
  void evaluate_narrowOddWidth_hasTheBitsOfTheEngine() {
    Network network = network(13, 16);
    float[] input = draws(32 * 16 * 16, 0, 10);
    try (Probe folding = new Probe(network, 11, true);
        Probe plain = new Probe(network, 11, false)) {
      assertThat(folding.run(false, 32, input)).isEqualTo(plain.run(false, 32, input));
    }
  }

  @Test
  void train_momentumOne_leavesTheRunningStatistics() {
    try (Probe probe = new Probe(network(13, 16), 12, true)) {
      probe.set("norm.mean", draws(13, 0, 13));
      probe.set("norm.variance", draws(13, 9, 14));
      float[] mean = probe.value("norm.mean");
      float[] variance = probe.value("norm.variance");
      probe.block().useNormMomentum(1);

      probe.run(true, 32, draws(32 * 16 * 16, 5, 15));

      assertThat(probe.value("norm.mean")).isEqualTo(mean);
      assertThat(probe.value("norm.variance")).isEqualTo(variance);
    }
  }

  private static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
