package io.espalier.trainer.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.espalier.configs.OptimizerConfig;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Add;
import io.espalier.trainer.network.Attention;
import io.espalier.trainer.network.AveragePool;
import io.espalier.trainer.network.BatchNorm;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.MaxPool;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.PositionNorm;
import io.espalier.trainer.network.RotaryEmbedding;
import io.espalier.trainer.network.TokenEmbedding;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SparseNetworkTest {
  private static final SparseOptimizer SGD =
      new SparseOptimizer(new OptimizerConfig.Sgd(0.9, 0), Optional.empty());
  private static final ParameterId WEIGHT = new ParameterId("conv.weight");

  @AfterEach
  void forget() {
    System.clearProperty(KernelChoice.LANES);
  }

  static Network graph() {
    Layer relu = new Activation(Activation.Function.RELU);
    return Graphs.of(
        new Cells(1, 8, 8),
        List.of(
            Graphs.node("conv", new Convolution(4, 3, 1, 1, 1, true), Network.INPUT),
            Graphs.node("norm", new BatchNorm(1e-5f), "conv"),
            Graphs.node("relu", relu, "norm"),
            Graphs.node("pool", new MaxPool(2, 2, 0), "relu"),
            Graphs.node("flat", new Flatten(), "pool"),
            Graphs.node("fc", new Linear(16, true), "flat"),
            Graphs.node("relu2", relu, "fc"),
            Graphs.node("out", new Linear(3, true), "relu2")));
  }

  private static Network mlp() {
    return Graphs.of(
        Cells.vector(64),
        List.of(
            Graphs.node("fc", new Linear(16, true), Network.INPUT),
            Graphs.node("relu", new Activation(Activation.Function.RELU), "fc"),
            Graphs.node("out", new Linear(3, true), "relu")));
  }

  @Test
  void steps_lowerTheLoss() {
    // given
    Example example = new Example(graph(), 0.3, 32, 1, 1);
    double before = example.network.gradients(example.inputs, example.labels, Example::loss);

    // when
    for (int step = 0; step < 200; step++) {
      example.network.gradients(example.inputs, example.labels, Example::loss);
      example.network.update(SGD, step, 0.01);
    }

    // then
    double after = example.network.gradients(example.inputs, example.labels, Example::loss);
    assertThat(after).isLessThan(before / 10);
  }

  @Test
  void batches_ofOtherSizesBetween_leaveNoTrace() {
    // given
    Example example = new Example(graph(), 0.5, 40, 0, 2);
    Example fresh = new Example(graph(), 0.5, 40, 0, 2);
    int[] few = Arrays.copyOf(example.labels, 7);

    // when
    example.network.gradients(example.inputs, few, Example::loss);
    example.network.infer(example.inputs, 1, new float[3]);
    example.network.gradients(example.inputs, example.labels, Example::loss);

    // then
    fresh.network.gradients(fresh.inputs, fresh.labels, Example::loss);
    for (ParameterId id : List.of(WEIGHT, new ParameterId("fc.weight"))) {
      assertThat(example.network.parameter(id).gradient())
          .isEqualTo(fresh.network.parameter(id).gradient());
    }
  }

  @Test
  void steps_whenTheCollectorMovesArrays_haveTheSameBits() {
    // given
    Example moved = new Example(graph(), 0.5, 40, 1, 2);
    Example still = new Example(graph(), 0.5, 40, 1, 2);

    for (int step = 0; step < 8; step++) {
      // when
      float[] garbage = new float[2 * step + 1];
      System.gc();
      double loss = moved.network.gradients(moved.inputs, moved.labels, Example::loss);
      moved.network.update(SGD, step, 0.01);

      // then
      assertThat(garbage).hasSize(2 * step + 1);
      assertThat(loss)
          .isEqualTo(still.network.gradients(still.inputs, still.labels, Example::loss));
      still.network.update(SGD, step, 0.01);
    }
  }

  @ParameterizedTest
  @CsvSource({"true, 1, 40", "true, 4, 37", "false, 1, 37", "false, 8, 3", "false, 64, 40"})
  void inputs_ofBytes_haveTheBitsOfTheirValues(boolean isImage, int groups, int examples) {
    // given
    Network graph = isImage ? graph() : mlp();
    Example example = new Example(graph, 0.5, 40, 0, 2);
    Example expected = new Example(graph, 0.5, 40, 0, 2);
    ByteInputs inputs = ByteInputs.random(examples, graph.input().size(), groups);
    int[] labels = Arrays.copyOf(example.labels, examples);
    example.network.gradients(example.inputs, example.labels, Example::loss);

    // when
    double loss = example.network.gradients(inputs, labels, Example::loss);

    // then
    assertThat(loss).isEqualTo(expected.network.gradients(inputs.rows(), labels, Example::loss));
  }

  @Test
  void inference_ofOneExample_hasTheBitsOfABatch() {
    // given
    Example example = new Example(graph(), 0.4, 32, 0, 3);
    float[] together = new float[32 * 3];
    example.network.infer(example.inputs, 32, together);

    for (int row = 0; row < 32; row++) {
      // when
      float[] alone = new float[3];
      float[] input = Arrays.copyOfRange(example.inputs, row * 64, (row + 1) * 64);
      example.network.infer(input, 1, alone);

      // then
      assertThat(alone).isEqualTo(Arrays.copyOfRange(together, row * 3, row * 3 + 3));
    }
  }

  @Test
  void networkForInference_hasTheBitsOfTheTrainedOne() {
    // given
    Example example = new Example(graph(), 0.4, 20, 0, 3);
    float[] expected = new float[20 * 3];
    example.network.infer(example.inputs, 20, expected);
    SparseNetwork inference = example.inference(20);

    // when
    float[] logits = new float[20 * 3];
    inference.infer(example.inputs, 20, logits);

    // then
    assertThat(logits).isEqualTo(expected);
    assertThatThrownBy(() -> inference.gradients(example.inputs, new int[20], Example::loss))
        .hasMessageContaining("a network that trains");
  }

  /** Rows of 11, 6 and 3 values, single values, outputs from 5 to 21, strides and groups. */
  private static Network windows() {
    Layer relu = new Activation(Activation.Function.RELU);
    return Graphs.of(
        new Cells(2, 11, 11),
        List.of(
            Graphs.node("c1", new Convolution(6, 3, 1, 1, 1, true), Network.INPUT),
            Graphs.node("r1", relu, "c1"),
            Graphs.node("c2", new Convolution(12, 3, 2, 1, 2, true), "r1"),
            Graphs.node("c3", new Convolution(12, 3, 1, 1, 12, false), "c2"),
            Graphs.node("a", new Add(), List.of("c2", "c3")),
            Graphs.node("r2", relu, "a"),
            Graphs.node("avg", new AveragePool(2, 2, 0, false), "r2"),
            Graphs.node("c4", new Convolution(9, 2, 1, 1, 1, true), "avg"),
            Graphs.node("max", new MaxPool(3, 2, 1), "c4"),
            Graphs.node("c5", new Convolution(5, 2, 1, 0, 1, true), "max"),
            Graphs.node("flat", new Flatten(), "c5"),
            Graphs.node("fc", new Linear(21, true), "flat"),
            Graphs.node("relu3", relu, "fc"),
            Graphs.node("fc2", new Linear(8, false), "relu3"),
            Graphs.node("out", new Linear(5, true), "fc2")));
  }

  @Test
  void inference_inBatchesOfAnySize_hasTheSameBits() {
    for (double density : new double[] {0.05, 0.4, 1}) {
      // given
      Example example = new Example(windows(), density, 128, 0, 3);
      float[] expected = new float[128 * 5];
      example.network.infer(example.inputs, 128, expected);

      for (int batch : new int[] {1, 5, 128}) {
        // when
        float[] logits = new float[128 * 5];
        example.inference(batch).infer(example.inputs, 128, logits);

        // then
        assertThat(logits).as("batch %d, density %s", batch, density).isEqualTo(expected);
      }
      assertThat(expected).doesNotContain(0f, Float.NaN);
    }
  }

  /** Attention, norms and embeddings; each position is classified. */
  static Network text() {
    return Graphs.of(
        new Cells(1, 1, 8),
        List.of(
            Graphs.node("tokens", new TokenEmbedding(11, 8), Network.INPUT),
            Graphs.node("norm", new PositionNorm(true, 0, 1e-5f), "tokens"),
            Graphs.node("q", new Linear(8, true), "norm"),
            Graphs.node("k", new Linear(4, true), "norm"),
            Graphs.node("v", new Linear(4, true), "norm"),
            Graphs.node("turned", new RotaryEmbedding(4, 100), "q"),
            Graphs.node("heads", new Attention(4, true), List.of("turned", "k", "v")),
            Graphs.node("gelu", new Activation(Activation.Function.GELU), "heads"),
            Graphs.node("out", new Linear(3, true), "gelu")));
  }

  @Test
  void inference_ofTexts_inBatchesOfAnySize_hasTheSameBits() {
    // given
    Example example = new Example(text(), 0.4, 40, 0, 3);
    float[] expected = new float[40 * 8 * 3];
    example.network.infer(example.inputs, 40, expected);

    for (int batch : new int[] {1, 5, 40}) {
      // when
      float[] logits = new float[40 * 8 * 3];
      example.inference(batch).infer(example.inputs, 40, logits);

      // then
      assertThat(logits).as("batch %d", batch).isEqualTo(expected);
    }
  }

  @Test
  void gradientsOfPrunedUnits_ofEmbeddings_areThoseOfANetworkThatKeepsThem() {
    // given
    ParameterId id = new ParameterId("tokens.weight");
    Example example = new Example(text(), 0.3, 20, 0, 4);
    Example same = new Example(text(), 0.3, 20, 0, 4);
    SparseParameter whole = same.network.parameter(id);
    whole.replaceMask(Mask.allKept(88), new float[whole.mask().pruned()]);
    example.network.gradients(example.inputs, example.labels, Example::loss);
    same.network.gradients(same.inputs, same.labels, Example::loss);

    // when
    float[] all = new float[88];
    example.network.readGradients(
        id, (first, row) -> System.arraycopy(row, 0, all, first, row.length));

    // then
    assertThat(all).isEqualTo(whole.gradient());
  }

  @Test
  void stepsOnTexts_allocateNothing() {
    System.setProperty(KernelChoice.LANES, "0");

    assertThat(AllocatedBytes.least(text(), 4)).isZero();
  }

  @Test
  void token_thatTheNetworkDoesNotKnow_isRefused() {
    Example example = new Example(text(), 0.5, 2, 0, 1);
    example.inputs[3] = 11;

    assertThatThrownBy(() -> example.network.infer(example.inputs, 2, new float[48]))
        .hasMessage("a token must be a whole number from 0 to 10: token=11.0");
  }

  @Test
  void labels_ofAPartOfAText_areRefused() {
    Example example = new Example(text(), 0.5, 2, 0, 1);

    assertThatThrownBy(() -> example.network.gradients(example.inputs, new int[9], Example::loss))
        .hasMessage("labels must be those of whole examples: positions=8, labels=9");
  }

  @Test
  void replacedMask_ofANetworkForInference_isUsedByTheNextExample() {
    // given
    Example example = new Example(windows(), 0.4, 1, 0, 3);
    SparseNetwork inference = example.inference(1);
    inference.infer(example.inputs, 1, new float[5]);
    ParameterId id = new ParameterId("fc.weight");
    Mask next = Mask.of(inference.parameter(id).mask().size(), unit -> unit % 5 == 0);
    float[] regrown = new float[next.kept() - next.countAnd(inference.parameter(id).mask())];
    Arrays.fill(regrown, 0.5f);

    // when
    inference.parameter(id).replaceMask(next, regrown);
    example.network.parameter(id).replaceMask(next, regrown);

    // then
    float[] logits = new float[5];
    float[] expected = new float[5];
    inference.infer(example.inputs, 1, logits);
    example.network.infer(example.inputs, 1, expected);
    assertThat(logits).isEqualTo(expected);
  }

  @Test
  void replacedMask_computesAsANewNetwork() {
    // given
    Example example = new Example(graph(), 0.5, 16, 1, 4);
    SparseParameter weight = example.network.parameter(WEIGHT);
    Mask next = Mask.of(36, unit -> unit % 3 == 0);
    float[] regrown = new float[next.kept() - next.countAnd(weight.mask())];
    Arrays.fill(regrown, 0.25f);

    // when
    weight.replaceMask(next, regrown);
    example.network.gradients(example.inputs, example.labels, Example::loss);

    // then
    float[] dense = new float[36];
    SparseParameter.unpack(next, weight.values(), dense);
    double[] naive = example.dense(WEIGHT);
    for (int unit = 0; unit < 36; unit++) {
      naive[unit] = dense[unit];
    }
    double loss = example.network.gradients(example.inputs, example.labels, Example::loss);
    assertThat(loss).isCloseTo(example.naiveLoss(), offset(1e-4));
    assertThat(weight.gradient()).hasSize(12);
    assertThat(example.network.macs())
        .isEqualTo(
            12 * 64
                + example.network.parameter(new ParameterId("fc.weight")).mask().kept()
                + example.network.parameter(new ParameterId("out.weight")).mask().kept());
  }

  @Test
  void gradientsOfPrunedUnits_areThoseOfANetworkThatKeepsThem() {
    for (int examples : new int[] {20, 140}) {
      // given
      Example example = new Example(graph(), 0.3, examples, 0, 4);
      Example same = new Example(graph(), 0.3, examples, 0, 4);
      SparseParameter whole = same.network.parameter(WEIGHT);
      whole.replaceMask(Mask.allKept(36), new float[whole.mask().pruned()]);
      example.network.gradients(example.inputs, example.labels, Example::loss);
      same.network.gradients(same.inputs, same.labels, Example::loss);

      // when
      float[] all = new float[36];
      example.network.readGradients(
          WEIGHT, (first, row) -> System.arraycopy(row, 0, all, first, row.length));

      // then
      assertThat(all).isEqualTo(whole.gradient());
      float[] kept = new float[example.network.parameter(WEIGHT).mask().kept()];
      SparseParameter.pack(example.network.parameter(WEIGHT).mask(), all, kept);
      assertThat(kept).isEqualTo(example.network.parameter(WEIGHT).gradient());
    }
  }

  @Test
  void steps_allocateNothing() {
    System.setProperty(KernelChoice.LANES, "0");

    assertThat(AllocatedBytes.least(graph(), 4)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"image", "text"})
  void steps_onVectors_allocateNothingOnceCompiled(String network) throws Exception {
    assertThat(
            TestProcess.lines(
                AllocatedBytes.class, List.of("-Xmx500m", TestProcess.VECTORS), network))
        .containsExactly("0");
  }

  @Test
  void arrays_followTheKeptWeights() {
    Example example = new Example(graph(), 0.1, 1, 2, 6);

    for (SparseParameter each : example.network.parameters()) {
      int kept = each.mask().kept();
      assertThat(each.values()).hasSize(kept);
      assertThat(each.gradient()).hasSize(each.isTrained() ? kept : 0);
      for (int i = 0; i < each.moments(); i++) {
        assertThat(each.moment(i)).hasSize(kept);
      }
    }
  }

  @Test
  void batch_thatIsTooLarge_isRefused() {
    Example example = new Example(graph(), 0.5, 4, 0, 1);

    assertThatThrownBy(() -> example.network.gradients(new float[320], new int[5], Example::loss))
        .hasMessage("a batch must have from 1 to 4 examples: examples=5");
    assertThatThrownBy(() -> example.network.infer(new float[319], 5, new float[15]))
        .hasMessage("inputs must have 64 values per example: examples=5, values=319");
  }

  @Test
  void graph_thatEndsWithAnImage_isRefused() {
    Network images =
        Graphs.of(
            new Cells(1, 4, 4), List.of(Graphs.node("pool", new MaxPool(2, 2, 0), Network.INPUT)));

    assertThatThrownBy(() -> SparseNetwork.inference(images, Map.of(), 1))
        .hasMessageStartingWith(
            "a network must end with a vector of logits, or a sequence of them: output=");
  }
}
