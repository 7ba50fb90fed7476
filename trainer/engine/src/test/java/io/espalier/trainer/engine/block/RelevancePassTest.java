package io.espalier.trainer.engine.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.configs.ModelConfig;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.ParameterSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelevancePassTest {
  /** Weights [[.5, 1, −1], [−1, .5, 2]] give [2, 1] of the input [1, 2, .5]. */
  private static final float[] FIRST = {.5f, 1, -1, -1, .5f, 2};

  /** A logit of 2, to which both outputs give 1. */
  private static final float[] SECOND = {.5f, 1};

  private static Map<ParameterId, float[]> relevance(
      Network network, Map<ParameterId, float[]> values, float[] inputs, int... labels) {
    try (NDManager manager = TensorEngine.newManager()) {
      JniUtils.setGradMode(false);
      Map<ParameterId, NDArray> arrays = new HashMap<>();
      for (ParameterSpec spec : network.parameters()) {
        long[] dimensions = spec.shape().dimensions().stream().mapToLong(each -> each).toArray();
        arrays.put(
            spec.id(),
            manager.create(Objects.requireNonNull(values.get(spec.id())), new Shape(dimensions)));
      }
      ImageShape input = network.input();
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        NDArray batch =
            manager.create(
                inputs, new Shape(labels.length, input.channels(), input.height(), input.width()));
        return new RelevancePass(network, manager, id -> Objects.requireNonNull(arrays.get(id)))
            .of(batch, labels);
      }
    }
  }

  private static Map<ParameterId, float[]> worked(Network network) {
    return Map.of(
        network.parameters().get(0).id(), FIRST, network.parameters().get(1).id(), SECOND);
  }

  private static float[] columns(float[] messages) {
    float[] sums = new float[3];
    for (int i = 0; i < messages.length; i++) {
      sums[i % 3] += messages[i];
    }
    return sums;
  }

  @Test
  void relevance_ofVectors_isTheWorkedOfTheEpsilonRule() {
    Network network =
        Network.of(
            new ImageShape(3, 1, 1),
            List.of(
                new GraphNode("flat", new Flatten(), List.of(Network.INPUT)),
                new GraphNode("fc", new Linear(2, false), List.of("flat")),
                new GraphNode("relu", new Activation(Activation.Function.RELU), List.of("fc")),
                new GraphNode("out", new Linear(1, false), List.of("relu"))));

    Map<ParameterId, float[]> passed =
        relevance(network, worked(network), new float[] {1, 2, .5f}, 0);

    assertThat(passed.get(new ParameterId("out.weight")))
        .containsExactly(new float[] {1, 1}, within(1e-5f));
    float[] first = Objects.requireNonNull(passed.get(new ParameterId("fc.weight")));
    assertThat(columns(first)).containsExactly(new float[] {-.75f, 2, .75f}, within(1e-5f));
    assertThat(first[0] + first[1] + first[2]).isCloseTo(1, within(1e-5f));
  }

  @Test
  void relevance_ofImages_isTheWorkedOfThePositiveRule() {
    Network network =
        Network.of(
            new ImageShape(3, 1, 1),
            List.of(
                new GraphNode(
                    "conv", new Convolution(2, 1, 1, 0, 1, false), List.of(Network.INPUT)),
                new GraphNode("flat", new Flatten(), List.of("conv")),
                new GraphNode("out", new Linear(1, false), List.of("flat"))));

    Map<ParameterId, float[]> passed =
        relevance(network, worked(network), new float[] {1, 2, .5f}, 0);

    assertThat(columns(Objects.requireNonNull(passed.get(new ParameterId("conv.weight")))))
        .containsExactly(new float[] {.2f, 1.3f, .5f}, within(1e-5f));
  }

  /** Two examples, the second of the same values; a product of two negatives counts. */
  @Test
  void relevance_ofNegativeInputs_countsProductsThatArePositive() {
    Network network =
        Network.of(
            new ImageShape(3, 1, 1),
            List.of(
                new GraphNode(
                    "conv", new Convolution(2, 1, 1, 0, 1, false), List.of(Network.INPUT)),
                new GraphNode("flat", new Flatten(), List.of("conv")),
                new GraphNode("out", new Linear(1, false), List.of("flat"))));
    float[] turned = FIRST.clone();
    for (int i = 0; i < turned.length; i++) {
      turned[i] = -turned[i];
    }
    Map<ParameterId, float[]> values =
        Map.of(new ParameterId("conv.weight"), turned, new ParameterId("out.weight"), SECOND);

    Map<ParameterId, float[]> passed =
        relevance(network, values, new float[] {-1, -2, -.5f, -1, -2, -.5f}, 0, 0);

    assertThat(columns(Objects.requireNonNull(passed.get(new ParameterId("conv.weight")))))
        .containsExactly(new float[] {.4f, 2.6f, 1}, within(1e-5f));
  }

  private static float weight(String network, double drawn) {
    return (float) (network.equals("lenet") ? drawn : Math.abs(drawn));
  }

  /**
   * Of the residual network with weights above 0: an output to which nothing adds passes nothing
   * on.
   */
  @ParameterizedTest
  @ValueSource(strings = {"lenet", "resnet"})
  void relevance_fromLayerToLayer_isConserved(String name) {
    ImageShape input = new ImageShape(1, 28, 28);
    Network network =
        Network.of(
            name.equals("lenet") ? new ModelConfig.LeNet5() : new ModelConfig.ResNet(8, 4),
            input,
            3);
    Random random = new Random(3);
    Map<ParameterId, float[]> values = new HashMap<>();
    for (ParameterSpec spec : network.parameters()) {
      float[] each = new float[spec.shape().size()];
      for (int i = 0; i < each.length; i++) {
        each[i] =
            switch (spec.role()) {
              case WEIGHT -> weight(name, random.nextGaussian() / Math.sqrt(spec.fanIn()));
              case NORM_SCALE, RUNNING_VARIANCE -> 1;
              default -> 0;
            };
      }
      values.put(spec.id(), each);
    }
    float[] images = new float[2 * input.size()];
    for (int i = 0; i < images.length; i++) {
      images[i] = random.nextFloat();
    }

    Map<ParameterId, float[]> passed = relevance(network, values, images, 0, 2);

    float[] logits = EvaluationPass.run(network, values, 2, images);
    double expected = logits[0] + logits[5];
    ParameterSpec last = network.parameters().get(network.parameters().size() - 2);
    ParameterSpec first = network.parameters().get(0);
    for (ParameterSpec spec : List.of(first, last)) {
      double sum = 0;
      double sizes = 0;
      for (float each : Objects.requireNonNull(passed.get(spec.id()))) {
        sum += each;
        sizes += Math.abs(each);
      }
      assertThat(sum).as(spec.id().name()).isCloseTo(expected, within(1e-3 * sizes));
    }
  }
}
