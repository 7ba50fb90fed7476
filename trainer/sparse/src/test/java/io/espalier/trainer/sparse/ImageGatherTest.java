package io.espalier.trainer.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.Network;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images whose rows make up several strips against batches of which each row is one. */
final class ImageGatherTest {
  private static final int EXAMPLES = 64;
  private static final int FEW = 16;
  private static final ParameterId FIRST = new ParameterId("first.weight");

  @AfterEach
  void forget() {
    System.clearProperty(Example.THREADS);
    System.clearProperty(Team.ALWAYS);
  }

  private static Network graph() {
    Activation relu = new Activation(Activation.Function.RELU);
    return Graphs.of(
        new Cells(2, 20, 20),
        List.of(
            Graphs.node("first", new Convolution(16, 3, 1, 1, 1, true), Network.INPUT),
            Graphs.node("relu", relu, "first"),
            Graphs.node("wide", new Convolution(16, 3, 1, 1, 1, true), "relu"),
            Graphs.node("relu2", relu, "wide"),
            Graphs.node("strided", new Convolution(32, 3, 2, 1, 1, false), "relu2"),
            Graphs.node("relu3", relu, "strided"),
            Graphs.node("flat", new Flatten(), "relu3"),
            Graphs.node("out", new Linear(3, true), "flat")));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void gradients_ofALargeBatch_areTheMeanOfThoseOfItsParts(int threads) {
    // given
    System.setProperty(Example.THREADS, Integer.toString(threads));
    System.setProperty(Team.ALWAYS, "true");
    Example example = new Example(graph(), 1, EXAMPLES, 0, 5);
    int image = example.inputs.length / EXAMPLES;
    double[] mean = new double[example.network.parameter(FIRST).gradient().length];

    // when
    for (int at = 0; at < EXAMPLES; at += FEW) {
      float[] inputs = Arrays.copyOfRange(example.inputs, at * image, (at + FEW) * image);
      int[] labels = Arrays.copyOfRange(example.labels, at, at + FEW);
      example.network.gradients(inputs, labels, Example::loss);
      float[] gradient = example.network.parameter(FIRST).gradient();
      for (int i = 0; i < mean.length; i++) {
        mean[i] += gradient[i] * (double) FEW / EXAMPLES;
      }
    }
    example.network.gradients(example.inputs, example.labels, Example::loss);

    // then
    float[] whole = example.network.parameter(FIRST).gradient();
    double largest = Arrays.stream(mean).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < mean.length; i++) {
      assertThat(whole[i] / largest).isCloseTo(mean[i] / largest, offset(1e-4));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, FEW})
  void logits_inBatchesOfAnySize_haveTheSameBits(int batch) {
    // given
    Example example = new Example(graph(), 1, EXAMPLES, 0, 5);
    int image = example.inputs.length / EXAMPLES;
    float[] expected = new float[EXAMPLES * 3];
    example.inference(EXAMPLES).infer(example.inputs, EXAMPLES, expected);

    // when
    SparseNetwork network = example.inference(batch);
    float[] logits = new float[batch * 3];
    for (int at = 0; at < EXAMPLES; at += batch) {
      float[] inputs = Arrays.copyOfRange(example.inputs, at * image, (at + batch) * image);
      network.infer(inputs, batch, logits);

      // then
      assertThat(logits).isEqualTo(Arrays.copyOfRange(expected, at * 3, (at + batch) * 3));
    }
  }
}
