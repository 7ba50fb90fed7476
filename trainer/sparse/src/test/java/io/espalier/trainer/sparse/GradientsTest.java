package io.espalier.trainer.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Activation.Function;
import io.espalier.trainer.network.Add;
import io.espalier.trainer.network.Affine;
import io.espalier.trainer.network.Attention;
import io.espalier.trainer.network.AveragePool;
import io.espalier.trainer.network.BatchNorm;
import io.espalier.trainer.network.ChannelAffine;
import io.espalier.trainer.network.ChannelShuffle;
import io.espalier.trainer.network.ClassToken;
import io.espalier.trainer.network.Clip;
import io.espalier.trainer.network.Concat;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.FirstPosition;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.FlattenPositions;
import io.espalier.trainer.network.GlobalAveragePool;
import io.espalier.trainer.network.GroupNorm;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.LeakyRelu;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.LocalResponseNorm;
import io.espalier.trainer.network.MaxPool;
import io.espalier.trainer.network.MeanPool;
import io.espalier.trainer.network.Multiply;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.Pad;
import io.espalier.trainer.network.PaddingMask;
import io.espalier.trainer.network.PositionEmbedding;
import io.espalier.trainer.network.PositionNorm;
import io.espalier.trainer.network.RotaryEmbedding;
import io.espalier.trainer.network.TokenEmbedding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients of every layer against differences of a second implementation in double. */
final class GradientsTest {
  private static final double STEP = 1e-5;

  /** What is left of gradients that a norm cancels, of losses near 1. */
  private static final double ROUNDING = 2e-8;

  private static final Cells IMAGE = new Cells(4, 6, 6);

  record Case(String name, Network graph) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Layer conv(int outputs, int kernel, int stride, int padding, int groups) {
    return new Convolution(outputs, kernel, stride, padding, groups, true);
  }

  /** A convolution, the layers to test on its image, and a linear layer. */
  private static Case onImages(String name, Layer... layers) {
    return chain(name, IMAGE, conv(4, 3, 1, 1, 1), layers);
  }

  /** Without a bias, whose gradient a norm makes 0. */
  private static Case beforeNorm(String name, Layer... layers) {
    return chain(name, IMAGE, new Convolution(4, 3, 1, 1, 1, false), layers);
  }

  private static Case onVectors(String name, Layer... layers) {
    return chain(name, Cells.vector(9), new Linear(8, true), layers);
  }

  private static Case chain(String name, Cells input, Layer first, Layer... layers) {
    List<GraphNode> nodes = new ArrayList<>(List.of(Graphs.node("first", first, Network.INPUT)));
    for (Layer layer : layers) {
      nodes.add(Graphs.node("n" + nodes.size(), layer, nodes.get(nodes.size() - 1).name()));
    }
    nodes.add(Graphs.node("flat", new Flatten(), nodes.get(nodes.size() - 1).name()));
    nodes.add(Graphs.node("out", new Linear(3, true), "flat"));
    return new Case(name, Graphs.of(input, nodes));
  }

  /** Features of tokens, the layers to test on their sequence, and a linear layer. */
  private static Case onText(String name, Layer... layers) {
    Cells text = new Cells(1, 1, 5);
    return chain(name, text, new TokenEmbedding(7, 6), layers);
  }

  /** Linear layers, attention of their outputs, and a linear layer at each position. */
  private static Case attending(String name, int keys, boolean causal, boolean masked) {
    List<GraphNode> nodes = new ArrayList<>();
    nodes.add(Graphs.node("mask", new PaddingMask(2), Network.INPUT));
    nodes.add(Graphs.node("first", new TokenEmbedding(7, 6), Network.INPUT));
    nodes.add(Graphs.node("q", new Linear(8, true), "first"));
    nodes.add(Graphs.node("k", new Linear(keys, false), "first"));
    nodes.add(Graphs.node("v", new Linear(keys, true), "first"));
    List<String> read = new ArrayList<>(List.of("q", "k", "v"));
    if (masked) {
      read.add("mask");
    }
    nodes.add(Graphs.node("heads", new Attention(2, causal), read));
    nodes.add(Graphs.node("out", new Linear(3, true), "heads"));
    return new Case(name, Graphs.of(new Cells(1, 1, 5), nodes));
  }

  /** A classifier of texts with a block of a transformer, and a last norm after a cut. */
  private static Case transformer() {
    Layer norm = new PositionNorm(true, 0, 1e-5f);
    return new Case(
        "block of a transformer",
        Graphs.of(
            new Cells(1, 1, 5),
            List.of(
                Graphs.node("mask", new PaddingMask(2), Network.INPUT),
                Graphs.node("first", new TokenEmbedding(7, 6), Network.INPUT),
                Graphs.node("positions", new PositionEmbedding(), "first"),
                Graphs.node("x0", new Add(), List.of("first", "positions")),
                Graphs.node("norm1", norm, "x0"),
                Graphs.node("q", new Linear(8, true), "norm1"),
                Graphs.node("k", new Linear(4, false), "norm1"),
                Graphs.node("v", new Linear(4, false), "norm1"),
                Graphs.node("qr", new RotaryEmbedding(4, 100), "q"),
                Graphs.node("kr", new RotaryEmbedding(4, 100), "k"),
                Graphs.node("heads", new Attention(4, false), List.of("qr", "kr", "v", "mask")),
                Graphs.node("o", new Linear(6, false), "heads"),
                Graphs.node("x1", new Add(), List.of("x0", "o")),
                Graphs.node("norm2", norm, "x1"),
                Graphs.node("up", new Linear(9, true), "norm2"),
                Graphs.node("gate", new Linear(9, true), "norm2"),
                Graphs.node("silu", new Activation(Function.SILU), "gate"),
                Graphs.node("gated", new Multiply(), List.of("up", "silu")),
                Graphs.node("down", new Linear(6, false), "gated"),
                Graphs.node("x2", new Add(), List.of("x1", "down")),
                Graphs.node("norm", new PositionNorm(false, 8, 1e-5f), "x2"),
                Graphs.node("pool", new MeanPool(), List.of("norm", "mask")),
                Graphs.node("out", new Linear(3, true), "pool"))));
  }

  private static Case joined(String name, Layer join, GraphNode... branches) {
    List<GraphNode> nodes = new ArrayList<>();
    nodes.add(Graphs.node("first", conv(4, 3, 1, 1, 1), Network.INPUT));
    nodes.add(Graphs.node("relu", new Activation(Function.RELU), "first"));
    nodes.addAll(List.of(branches));
    List<String> ends = List.of("relu", branches[branches.length - 1].name());
    nodes.add(Graphs.node("join", join, ends));
    nodes.add(Graphs.node("after", new Activation(Function.RELU), "join"));
    nodes.add(Graphs.node("pool", new GlobalAveragePool(), "after"));
    nodes.add(Graphs.node("out", new Linear(3, true), "pool"));
    return new Case(name, Graphs.of(IMAGE, nodes));
  }

  static Stream<Case> cases() {
    List<Case> all = new ArrayList<>();
    Layer relu = new Activation(Function.RELU);
    all.add(onVectors("linear"));
    all.add(onVectors("linear without bias", new Linear(7, false)));
    all.add(onVectors("wide linear", new Linear(101, true), relu, new Linear(18, true)));
    all.add(onVectors("perceptron", relu, new Linear(6, true), relu));
    all.add(onVectors("layer norm", new GroupNorm(1, 1e-5f), relu));
    all.add(onImages("convolution", relu, conv(5, 3, 1, 1, 1)));
    all.add(onImages("convolution without padding", conv(5, 3, 1, 0, 1), conv(4, 2, 1, 0, 1)));
    all.add(onImages("wide padding", conv(5, 1, 1, 2, 1), relu, conv(3, 3, 1, 3, 1)));
    all.add(onImages("wide", conv(8, 3, 1, 1, 1), relu, conv(9, 3, 1, 1, 1), conv(6, 3, 2, 1, 1)));
    all.add(onImages("stride 2", conv(5, 3, 2, 1, 1), relu, conv(3, 1, 2, 0, 1)));
    all.add(onImages("stride 3", conv(5, 2, 3, 1, 1), relu));
    all.add(onImages("stride 3, rest", relu, conv(5, 4, 3, 0, 1)));
    all.add(onImages("groups", relu, conv(6, 3, 1, 1, 2), conv(4, 3, 2, 1, 2)));
    all.add(onImages("depth-wise", relu, conv(4, 3, 1, 1, 4), conv(8, 3, 2, 1, 4)));
    all.add(beforeNorm("batch norm", new BatchNorm(1e-5f), relu));
    all.add(beforeNorm("group norm", new GroupNorm(2, 1e-5f), relu));
    all.add(beforeNorm("instance norm", new GroupNorm(4, 1e-5f)));
    all.add(onImages("local response norm", new LocalResponseNorm(3, 2, 0.75f, 1.5f)));
    all.add(onImages("local response norm, even", relu, new LocalResponseNorm(4, 1, 0.5f, 1)));
    all.add(onImages("local response norm, wide", relu, new LocalResponseNorm(99, 40, 1, 1)));
    all.add(onImages("channel shuffle", relu, new ChannelShuffle(2), conv(6, 1, 1, 0, 2)));
    all.add(onImages("max pool", relu, new MaxPool(2, 2, 0)));
    all.add(onImages("max pool, overlapping", new MaxPool(3, 2, 1)));
    all.add(onImages("average pool", relu, new AveragePool(3, 2, 1, true)));
    all.add(onImages("average pool, cut", new AveragePool(3, 2, 1, false)));
    all.add(onImages("relu after average pool", new AveragePool(3, 2, 1, false), relu));
    all.add(onImages("global pool", relu, new GlobalAveragePool()));
    all.add(onImages("pad", relu, new Pad(1, 2, 0, 1, false)));
    all.add(onImages("pad below all", new Pad(1, 1, 1, 1, true), new MaxPool(3, 2, 0)));
    for (Function function : Function.values()) {
      all.add(onVectors(function.name(), new Activation(function)));
      all.add(
          onImages(
              function.name() + " after pool", new MaxPool(2, 2, 0), new Activation(function)));
    }
    all.add(onVectors("leaky relu", new LeakyRelu(0.1f)));
    all.add(onVectors("clip", new Clip(-0.5f, 0.75f)));
    all.add(onImages("affine", new Affine(-1.5f, 0.25f)));
    all.add(onImages("channel affine", new ChannelAffine(true, true)));
    all.add(onImages("channel scale", relu, new ChannelAffine(true, false)));
    all.add(onImages("channel shift", new ChannelAffine(false, true)));
    GraphNode second = Graphs.node("second", conv(4, 3, 1, 1, 1), "relu");
    all.add(joined("add", new Add(), second));
    all.add(joined("concat", new Concat(), second));
    all.add(joined("multiply", new Multiply(), second));
    all.add(
        joined(
            "multiply per channel",
            new Multiply(),
            Graphs.node("squeezed", new GlobalAveragePool(), "relu"),
            Graphs.node("gate", new Activation(Function.SIGMOID), "squeezed")));
    all.add(
        joined(
            "residual block",
            new Add(),
            Graphs.node("conv1", new Convolution(4, 3, 1, 1, 1, false), "relu"),
            Graphs.node("norm1", new BatchNorm(1e-5f), "conv1"),
            Graphs.node("relu1", relu, "norm1"),
            Graphs.node("conv2", new Convolution(4, 3, 1, 1, 1, false), "relu1"),
            Graphs.node("norm2", new BatchNorm(1e-5f), "conv2")));
    all.add(
        joined(
            "norm of what it is added to",
            new Add(),
            Graphs.node("norm", new BatchNorm(0.1f), "relu")));
    all.add(
        joined(
            "norm that is read twice",
            new Add(),
            Graphs.node("norm", new BatchNorm(0.1f), "relu"),
            Graphs.node("sum", new Add(), List.of("norm", "relu")),
            Graphs.node("both", new Add(), List.of("norm", "sum"))));
    all.add(residualBlocks());
    all.addAll(ofSequences());
    return all.stream();
  }

  private static List<Case> ofSequences() {
    Layer relu = new Activation(Function.RELU);
    Layer linear = new Linear(8, true);
    return List.of(
        onText("embedding"),
        onText("linear at positions", linear, relu, new Linear(5, false)),
        onText("norm of positions", new PositionNorm(true, 0, 1e-3f), linear),
        onText("norm of positions, cut", linear, new PositionNorm(true, 11, 1e-3f)),
        onText("root mean square", linear, new PositionNorm(false, 0, 1e-3f)),
        onText("root mean square, cut", relu, new PositionNorm(false, 9, 1e-3f)),
        onText("rotary", linear, new RotaryEmbedding(4, 30)),
        onText("rotary of activations", linear, relu, new RotaryEmbedding(8, 10)),
        onText("class token", relu, new ClassToken(), linear),
        onText("first position", linear, relu, new FirstPosition()),
        onText("mean of positions", linear, relu, new MeanPool()),
        onImages("positions", new Activation(Function.TANH), new FlattenPositions(), linear),
        onImages("patches", conv(6, 2, 2, 0, 1), new FlattenPositions(), linear),
        attending("attention", 8, true, false),
        attending("attention to all", 8, false, false),
        attending("attention to tokens", 8, false, true),
        attending("attention to earlier tokens", 8, true, true),
        attending("attention of shared keys", 4, true, false),
        attending("attention of one head of keys", 2, false, true),
        ofItself(),
        transformer());
  }

  /** Queries, keys and values are one sequence, to which the result is added. */
  private static Case ofItself() {
    return new Case(
        "attention to itself",
        Graphs.of(
            new Cells(1, 1, 5),
            List.of(
                Graphs.node("first", new TokenEmbedding(7, 6), Network.INPUT),
                Graphs.node("relu", new Activation(Function.RELU), "first"),
                Graphs.node("heads", new Attention(3, true), List.of("relu", "relu", "relu")),
                Graphs.node("sum", new Add(), List.of("heads", "relu")),
                Graphs.node("out", new Linear(3, true), "sum"))));
  }

  /** Without a bias, which has no slope before a norm. */
  private static Layer bare(int outputs, int kernel, int stride, int padding) {
    return new Convolution(outputs, kernel, stride, padding, 1, false);
  }

  /** Two sums that the next one reads, one of two norms, and one of a norm and a convolution. */
  private static Case residualBlocks() {
    Layer relu = new Activation(Function.RELU);
    Layer tanh = new Activation(Function.TANH);
    Layer norm = new BatchNorm(0.1f);
    Layer add = new Add();
    return new Case(
        "residual blocks",
        Graphs.of(
            IMAGE,
            List.of(
                Graphs.node("first", bare(4, 3, 1, 1), Network.INPUT),
                Graphs.node("n1", norm, "first"),
                Graphs.node("r1", tanh, "n1"),
                Graphs.node("c2", bare(4, 3, 1, 1), "r1"),
                Graphs.node("n2", norm, "c2"),
                Graphs.node("s1", add, List.of("n2", "r1")),
                Graphs.node("r2", relu, "s1"),
                Graphs.node("c3", bare(4, 3, 1, 1), "r2"),
                Graphs.node("n3", norm, "c3"),
                Graphs.node("s2", add, List.of("r2", "n3")),
                Graphs.node("c4", bare(5, 3, 2, 1), "s2"),
                Graphs.node("n4", norm, "c4"),
                Graphs.node("c5", bare(5, 5, 2, 2), "s2"),
                Graphs.node("n5", norm, "c5"),
                Graphs.node("s3", add, List.of("n4", "n5")),
                Graphs.node("r3", tanh, "s3"),
                Graphs.node("c6", conv(5, 3, 1, 1, 1), "r3"),
                Graphs.node("c7", bare(5, 3, 1, 1), "r3"),
                Graphs.node("n7", norm, "c7"),
                Graphs.node("s4", add, List.of("n7", "c6")),
                Graphs.node("f", new Flatten(), "s4"),
                Graphs.node("out", new Linear(3, true), "f"))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradients_ofHalfOfTheWeights_areSlopes(Case tested) {
    assertSlopes(tested.graph(), 0.5, 3);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradients_ofAllWeights_areSlopes(Case tested) {
    assertSlopes(tested.graph(), 1, 3);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradients_ofABatchOfSeveralTiles_areSlopes(Case tested) {
    assertSlopes(tested.graph(), 0.1, 150);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.5, 0.1, 0.02})
  void gradients_atAnyDensityAndBatch_areSlopes(double density) {
    for (Case tested : cases().filter(each -> !each.name().contains(" ")).toList()) {
      for (int examples : new int[] {1, 20}) {
        if (examples > 1 || !tested.name().contains("norm")) {
          assertSlopes(tested.graph(), density, examples);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inference_isThatOfTheSecondImplementation(Case tested) {
    for (int examples : new int[] {1, 5, 16}) {
      // given
      Example example = new Example(tested.graph(), 0.5, examples, 0, 5);

      // when
      float[] logits = new float[example.labels.length * 3];
      example.network.infer(example.inputs, examples, logits);

      // then
      double[] expected = example.naive().logits(example.inputsInDouble(), examples, false);
      assertClose("logits", logits, expected, 1e-5);
    }
  }

  private static void assertSlopes(Network graph, double density, int examples) {
    // given
    Example example = new Example(graph, density, examples, 0, 7 + examples);

    // when
    double loss = example.network.gradients(example.inputs, example.labels, Example::loss);

    // then
    assertThat(loss).isCloseTo(example.naiveLoss(), withinPercentage(0.001));
    for (SparseParameter each : example.network.parameters()) {
      if (each.isTrained()) {
        double tolerance = each.shape().rank() == 4 ? 1e-4 : 1e-5;
        double[] slopes = slopes(example, each, examples);
        assertClose(each.shape().id().name(), each.gradient(), slopes, tolerance);
      }
    }
  }

  /** All slopes of small batches; of large ones some, as each costs two passes. */
  private static double[] slopes(Example example, SparseParameter parameter, int examples) {
    double[] values = example.dense(parameter.shape().id());
    double[] slopes = new double[parameter.isTrained() ? parameter.mask().kept() : 0];
    int stride = examples > 20 ? 31 : 1;
    for (int i = 0, unit = parameter.mask().nextKept(0); i < slopes.length; i++) {
      slopes[i] = Double.NaN;
      if (i % stride == 0) {
        double value = values[unit];
        values[unit] = value + STEP;
        double above = example.naiveLoss();
        values[unit] = value - STEP;
        double below = example.naiveLoss();
        values[unit] = value;
        slopes[i] = (above - below) / (2 * STEP);
      }
      unit = parameter.mask().nextKept(unit + 1);
    }
    return slopes;
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Double.isNaN(value) ? largest : Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static void assertClose(
      String what, float[] actual, double[] expected, double tolerance) {
    assertWithin(what, actual, expected, tolerance * largest(expected));
  }

  private static void assertWithin(
      String what, float[] actual, double[] expected, double tolerance) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      if (!Double.isNaN(expected[i])) {
        assertThat((double) actual[i])
            .as("%s, element %d", what, i)
            .isCloseTo(expected[i], offset(tolerance + ROUNDING));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void parameters_haveTheNamesOfTheEngine(Case tested) {
    SparseNetwork network = SparseNetwork.training(tested.graph(), Map.of(), 2, 0);

    assertThat(network.parameters())
        .extracting(each -> each.shape().id().name())
        .contains("first.weight", "out.weight", "out.bias")
        .doesNotHaveDuplicates();
  }
}
