package io.espalier.trainer.engine.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.ModelConfig.CharLm;
import io.espalier.configs.ModelConfig.Pooling;
import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Add;
import io.espalier.trainer.network.Affine;
import io.espalier.trainer.network.AveragePool;
import io.espalier.trainer.network.BatchNorm;
import io.espalier.trainer.network.ChannelAffine;
import io.espalier.trainer.network.ChannelShuffle;
import io.espalier.trainer.network.Clip;
import io.espalier.trainer.network.Concat;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.GlobalAveragePool;
import io.espalier.trainer.network.GroupNorm;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.LocalResponseNorm;
import io.espalier.trainer.network.MaxPool;
import io.espalier.trainer.network.Multiply;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.Pad;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.RecipeLayers;
import io.espalier.trainer.network.SampleTransformers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class NetworkBlockTest {
  private static final Layer RELU = new Activation(Activation.Function.RELU);

  private static float[] random(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (random.nextDouble() * 2 - 1);
    }
    return values;
  }

  /** Every layer kind once or more. */
  private static Network everyLayer() {
    Network.Builder graph = Network.builder(new ImageShape(2, 9, 9));
    String last = graph.add("conv", new Convolution(3, 3, 1, 1, 1, false), Network.INPUT);
    last = graph.add("norm", new BatchNorm(Layer.EPSILON), last);
    for (Layer activation : RecipeLayers.activations()) {
      last = graph.add(last + "a", activation, last);
    }
    last = graph.add("clip", new Clip(-2, 1), last);
    last = graph.add("response", new LocalResponseNorm(3, 0.1f, 0.75f, 1), last);
    last = graph.add("shuffle", new ChannelShuffle(3), last);
    last = graph.add("pool", new MaxPool(2, 2, 0), last);
    return smoothLayers(graph, last);
  }

  /** Layers whose output has no bends, so that finite differences are exact to second order. */
  private static Network smoothLayers(Network.Builder graph, String input) {
    String shortcut = graph.add("project", new Convolution(4, 1, 2, 0, 1, true), input);
    String last = graph.add("conv2", new Convolution(4, 3, 2, 1, 1, false), input);
    last = graph.add("norm2", new BatchNorm(Layer.EPSILON), last);
    last = graph.add("add", new Add(), last, shortcut);
    String gate = graph.add("gate", new GlobalAveragePool(), last);
    last = graph.add("multiply", new Multiply(), last, gate);
    last = graph.add("affine", new Affine(1.5f, 0.2f), last);
    last = graph.add("scale", new ChannelAffine(true, true), last);
    last = graph.add("pad", new Pad(1, 0, 0, 1, false), last);
    last = graph.add("unpad", new Convolution(4, 2, 1, 0, 1, false), last);
    last = graph.add("norm3", new GroupNorm(2, Layer.EPSILON), last);
    last = graph.add("pool2", new AveragePool(2, 1, 0, true), last);
    last = graph.add("concat", new Concat(), last, last);
    last = graph.add("grouped", new Convolution(4, 2, 1, 1, 4, true), last);
    String flat = graph.add("flatten", new Flatten(), last);
    flat = graph.add("fc1", new Linear(4, true), flat);
    String mean = graph.add("mean", new GlobalAveragePool(), last);
    last = graph.add("add2", new Add(), flat, mean);
    graph.add("output", new Linear(3, true), last);
    return graph.build();
  }

  @Test
  void forward_everyPermittedLayer_givesTheShapeThatWasInferred() {
    List<Network> networks = new ArrayList<>(List.of(everyLayer(), FirstPositionTest.network()));
    for (Pooling pooling : Pooling.values()) {
      networks.add(VisionTransformerTest.network(pooling));
    }
    for (CharLm model : SampleTransformers.all()) {
      networks.add(SampleTransformers.network(model));
      networks.add(SampleTransformers.classifier(model));
    }
    Set<Class<?>> covered = new HashSet<>();
    for (Network network : networks) {
      network.nodes().forEach(node -> covered.add(node.layer().getClass()));
    }
    assertThat(covered).containsExactlyInAnyOrderElementsOf(RecipeLayers.stored());

    Network.Builder graph = Network.builder(everyLayer().input());
    for (GraphNode node : everyLayer().nodes()) {
      graph.add(node.name(), node.layer(), node.inputs().toArray(String[]::new));
      Network part = graph.build();
      try (Probe probe = new Probe(part, 1)) {
        assertThat(probe.outputShape(2, random(2 * 162, 1)).size()).isEqualTo(2L * part.outputs());
      }
    }
  }

  @Test
  void backward_smoothLayers_agreesWithFiniteDifferences() {
    float[] input = random(4 * 50, 3);
    float[] weights = random(4 * 3, 4);
    Network.Builder graph = Network.builder(new ImageShape(2, 5, 5));
    try (Probe probe = new Probe(smoothLayers(graph, Network.INPUT), 5)) {
      probe.backward(weights, 4, input);
      for (ParameterSpec spec : probe.block().network().parameters()) {
        if (spec.role().isTrained()) {
          String name = spec.id().name();
          float[] expected = differences(probe, name, weights, input);
          float[] gradient = probe.array(name).getGradient().toFloatArray();
          assertThat(gradient).as(name).containsExactly(expected, within(0.001f));
          assertThat(dot(gradient, gradient)).as(name).isGreaterThan(0.01);
        }
      }
    }
  }

  @Test
  void backward_maxPoolAndRelu_passOnlyTheLargestPositiveValue() {
    Network.Builder graph = Network.builder(new ImageShape(1, 2, 4));
    String last = graph.add("conv", new Convolution(1, 1, 1, 0, 1, true), Network.INPUT);
    last = graph.add("pool", new MaxPool(2, 2, 0), last);
    graph.add("relu", RELU, last);
    try (Probe probe = new Probe(graph.build(), 1)) {
      probe.set("conv.weight", 2);

      probe.backward(new float[] {3, 5}, 1, 1, 2, -1, -2, 4, 3, -3, -4);

      assertThat(probe.array("conv.weight").getGradient().toFloatArray()).containsExactly(3 * 4);
      assertThat(probe.array("conv.bias").getGradient().toFloatArray()).containsExactly(3);
    }
  }

  private static float[] differences(Probe probe, String name, float[] weights, float[] input) {
    float step = 1e-2f;
    float[] values = probe.value(name);
    float[] differences = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      float[] moved = values.clone();
      moved[i] = values[i] + step;
      probe.set(name, moved);
      double above = dot(weights, probe.run(true, 4, input));
      moved[i] = values[i] - step;
      probe.set(name, moved);
      double below = dot(weights, probe.run(true, 4, input));
      differences[i] = (float) ((above - below) / (2 * step));
    }
    probe.set(name, values);
    return differences;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @Test
  void forward_smallMlp_agreesWithPlainArithmetic() {
    Network network = Network.of(new ModelConfig.Mlp(List.of(2)), new ImageShape(1, 1, 3), 2);
    try (Probe probe = new Probe(network, 1)) {
      probe.set("fc1.weight", 1, 2, 3, -1, -1, -1);
      probe.set("fc1.bias", 0.5f, 1);
      probe.set("output.weight", 2, 1, -1, 4);
      probe.set("output.bias", 0, 10);

      float[] output = probe.run(false, 2, 1, 1, 1, -1, -1, 0.5f);

      // relu(6.5), relu(-2); relu(-1), relu(2.5)
      assertThat(output).containsExactly(13, 3.5f, 2.5f, 20);
    }
  }

  @Test
  void forward_convolutionAndPools_giveLiteralValues() {
    Network.Builder graph = Network.builder(new ImageShape(1, 3, 3));
    graph.add("conv", new Convolution(1, 2, 1, 0, 1, true), Network.INPUT);
    String last = graph.add("max", new MaxPool(2, 2, 0), "conv");
    String mean = graph.add("mean", new AveragePool(2, 2, 0, true), "conv");
    graph.add("add", new Add(), last, mean);
    try (Probe probe = new Probe(graph.build(), 1)) {
      probe.set("conv.weight", 1, 0, 0, -1);
      probe.set("conv.bias", 100);

      float[] output = probe.run(false, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0);

      // the convolution gives 96, 96, 96, 105
      assertThat(output).containsExactly(105 + 98.25f);
    }
  }

  @Test
  void forward_anyNetwork_readsEveryParameterThroughTheStore() {
    Network network = Network.of(new ModelConfig.ResNet(8, 2), new ImageShape(1, 8, 8), 3);
    try (Probe probe = new Probe(network, 1)) {
      probe.run(true, 2, random(2 * 64, 1));

      assertThat(probe.asked())
          .containsExactlyElementsOf(
              network.parameters().stream().map(spec -> spec.id().name()).toList());
    }
  }

  @Test
  void forward_oneTrainingPassPerModel_givesFiniteOutput() {
    for (ModelConfig.Architecture model : RecipeLayers.builtIn()) {
      Network network = Network.of(model, new ImageShape(1, 28, 28), 10);
      try (Probe probe = new Probe(network, 1)) {
        assertThat(probe.outputShape(2, random(2 * 784, 1))).isEqualTo(new Shape(2, 10));
        assertThat(probe.run(true, 2, random(2 * 784, 1))).doesNotContain(Float.NaN);
      }
    }
  }
}
