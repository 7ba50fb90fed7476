package io.espalier.trainer.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.espalier.trainer.sparse.SparseGraph.Node;
import io.espalier.trainer.sparse.SparseLayer.Function;
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

  private static final SparseShape IMAGE = new SparseShape(4, 6, 6);

  record Case(String name, SparseGraph graph) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static SparseLayer conv(int outputs, int kernel, int stride, int padding, int groups) {
    return new SparseLayer.Convolution(outputs, kernel, stride, padding, groups, true);
  }

  /** A convolution, the layers to test on its image, and a linear layer. */
  private static Case onImages(String name, SparseLayer... layers) {
    return chain(name, IMAGE, conv(4, 3, 1, 1, 1), layers);
  }

  /** Without a bias, whose gradient a norm makes 0. */
  private static Case beforeNorm(String name, SparseLayer... layers) {
    return chain(name, IMAGE, new SparseLayer.Convolution(4, 3, 1, 1, 1, false), layers);
  }

  private static Case onVectors(String name, SparseLayer... layers) {
    return chain(name, SparseShape.vector(9), new SparseLayer.Linear(8, true), layers);
  }

  private static Case chain(
      String name, SparseShape input, SparseLayer first, SparseLayer... layers) {
    List<Node> nodes = new ArrayList<>(List.of(new Node("first", first, SparseGraph.INPUT)));
    for (SparseLayer layer : layers) {
      nodes.add(new Node("n" + nodes.size(), layer, nodes.get(nodes.size() - 1).name()));
    }
    nodes.add(new Node("flat", new SparseLayer.Flatten(), nodes.get(nodes.size() - 1).name()));
    nodes.add(new Node("out", new SparseLayer.Linear(3, true), "flat"));
    return new Case(name, new SparseGraph(input, nodes));
  }

  /** Features of tokens, the layers to test on their sequence, and a linear layer. */
  private static Case onText(String name, SparseLayer... layers) {
    SparseShape text = new SparseShape(1, 1, 5);
    return chain(name, text, new SparseLayer.TokenEmbedding(7, 6), layers);
  }

  /** Linear layers, attention of their outputs, and a linear layer at each position. */
  private static Case attending(String name, int keys, boolean causal, boolean masked) {
    List<Node> nodes = new ArrayList<>();
    nodes.add(new Node("mask", new SparseLayer.PaddingMask(2), SparseGraph.INPUT));
    nodes.add(new Node("first", new SparseLayer.TokenEmbedding(7, 6), SparseGraph.INPUT));
    nodes.add(new Node("q", new SparseLayer.Linear(8, true), "first"));
    nodes.add(new Node("k", new SparseLayer.Linear(keys, false), "first"));
    nodes.add(new Node("v", new SparseLayer.Linear(keys, true), "first"));
    List<String> read = new ArrayList<>(List.of("q", "k", "v"));
    if (masked) {
      read.add("mask");
    }
    nodes.add(new Node("heads", new SparseLayer.Attention(2, causal), read));
    nodes.add(new Node("out", new SparseLayer.Linear(3, true), "heads"));
    return new Case(name, new SparseGraph(new SparseShape(1, 1, 5), nodes));
  }

  /** A classifier of texts with a block of a transformer, and a last norm after a cut. */
  private static Case transformer() {
    SparseLayer norm = new SparseLayer.PositionNorm(true, 0, 1e-5f);
    return new Case(
        "block of a transformer",
        new SparseGraph(
            new SparseShape(1, 1, 5),
            List.of(
                new Node("mask", new SparseLayer.PaddingMask(2), SparseGraph.INPUT),
                new Node("first", new SparseLayer.TokenEmbedding(7, 6), SparseGraph.INPUT),
                new Node("positions", new SparseLayer.PositionEmbedding(), "first"),
                new Node("x0", new SparseLayer.Add(), List.of("first", "positions")),
                new Node("norm1", norm, "x0"),
                new Node("q", new SparseLayer.Linear(8, true), "norm1"),
                new Node("k", new SparseLayer.Linear(4, false), "norm1"),
                new Node("v", new SparseLayer.Linear(4, false), "norm1"),
                new Node("qr", new SparseLayer.RotaryEmbedding(4, 100), "q"),
                new Node("kr", new SparseLayer.RotaryEmbedding(4, 100), "k"),
                new Node(
                    "heads", new SparseLayer.Attention(4, false), List.of("qr", "kr", "v", "mask")),
                new Node("o", new SparseLayer.Linear(6, false), "heads"),
                new Node("x1", new SparseLayer.Add(), List.of("x0", "o")),
                new Node("norm2", norm, "x1"),
                new Node("up", new SparseLayer.Linear(9, true), "norm2"),
                new Node("gate", new SparseLayer.Linear(9, true), "norm2"),
                new Node("silu", new SparseLayer.Activation(Function.SILU), "gate"),
                new Node("gated", new SparseLayer.Multiply(), List.of("up", "silu")),
                new Node("down", new SparseLayer.Linear(6, false), "gated"),
                new Node("x2", new SparseLayer.Add(), List.of("x1", "down")),
                new Node("norm", new SparseLayer.PositionNorm(false, 8, 1e-5f), "x2"),
                new Node("pool", new SparseLayer.MeanPool(), List.of("norm", "mask")),
                new Node("out", new SparseLayer.Linear(3, true), "pool"))));
  }

  private static Case joined(String name, SparseLayer join, Node... branches) {
    List<Node> nodes = new ArrayList<>();
    nodes.add(new Node("first", conv(4, 3, 1, 1, 1), SparseGraph.INPUT));
    nodes.add(new Node("relu", new SparseLayer.Activation(Function.RELU), "first"));
    nodes.addAll(List.of(branches));
    List<String> ends = List.of("relu", branches[branches.length - 1].name());
    nodes.add(new Node("join", join, ends));
    nodes.add(new Node("after", new SparseLayer.Activation(Function.RELU), "join"));
    nodes.add(new Node("pool", new SparseLayer.GlobalAveragePool(), "after"));
    nodes.add(new Node("out", new SparseLayer.Linear(3, true), "pool"));
    return new Case(name, new SparseGraph(IMAGE, nodes));
  }

  static Stream<Case> cases() {
    List<Case> all = new ArrayList<>();
    SparseLayer relu = new SparseLayer.Activation(Function.RELU);
    all.add(onVectors("linear"));
    all.add(onVectors("linear without bias", new SparseLayer.Linear(7, false)));
    all.add(onVectors("perceptron", relu, new SparseLayer.Linear(6, true), relu));
    all.add(onVectors("layer norm", new SparseLayer.GroupNorm(1, 1e-5f), relu));
    all.add(onImages("convolution", relu, conv(5, 3, 1, 1, 1)));
    all.add(onImages("convolution without padding", conv(5, 3, 1, 0, 1), conv(4, 2, 1, 0, 1)));
    all.add(onImages("wide padding", conv(5, 1, 1, 2, 1), relu, conv(3, 3, 1, 3, 1)));
    all.add(onImages("stride 2", conv(5, 3, 2, 1, 1), relu, conv(3, 1, 2, 0, 1)));
    all.add(onImages("stride 3", conv(5, 2, 3, 1, 1), relu));
    all.add(onImages("stride 3, rest", relu, conv(5, 4, 3, 0, 1)));
    all.add(onImages("groups", relu, conv(6, 3, 1, 1, 2), conv(4, 3, 2, 1, 2)));
    all.add(onImages("depth-wise", relu, conv(4, 3, 1, 1, 4), conv(8, 3, 2, 1, 4)));
    all.add(beforeNorm("batch norm", new SparseLayer.BatchNorm(1e-5f), relu));
    all.add(beforeNorm("group norm", new SparseLayer.GroupNorm(2, 1e-5f), relu));
    all.add(beforeNorm("instance norm", new SparseLayer.GroupNorm(4, 1e-5f)));
    all.add(onImages("local response norm", new SparseLayer.LocalResponseNorm(3, 2, 0.75f, 1.5f)));
    all.add(
        onImages(
            "local response norm, even", relu, new SparseLayer.LocalResponseNorm(4, 1, 0.5f, 1)));
    all.add(
        onImages(
            "local response norm, wide", relu, new SparseLayer.LocalResponseNorm(99, 40, 1, 1)));
    all.add(
        onImages("channel shuffle", relu, new SparseLayer.ChannelShuffle(2), conv(6, 1, 1, 0, 2)));
    all.add(onImages("max pool", relu, new SparseLayer.MaxPool(2, 2, 0)));
    all.add(onImages("max pool, overlapping", new SparseLayer.MaxPool(3, 2, 1)));
    all.add(onImages("average pool", relu, new SparseLayer.AveragePool(3, 2, 1, true)));
    all.add(onImages("average pool, cut", new SparseLayer.AveragePool(3, 2, 1, false)));
    all.add(onImages("relu after average pool", new SparseLayer.AveragePool(3, 2, 1, false), relu));
    all.add(onImages("global pool", relu, new SparseLayer.GlobalAveragePool()));
    all.add(onImages("pad", relu, new SparseLayer.Pad(1, 2, 0, 1, false)));
    all.add(
        onImages(
            "pad below all",
            new SparseLayer.Pad(1, 1, 1, 1, true),
            new SparseLayer.MaxPool(3, 2, 0)));
    for (Function function : Function.values()) {
      all.add(onVectors(function.name(), new SparseLayer.Activation(function)));
      all.add(
          onImages(
              function.name() + " after pool",
              new SparseLayer.MaxPool(2, 2, 0),
              new SparseLayer.Activation(function)));
    }
    all.add(onVectors("leaky relu", new SparseLayer.LeakyRelu(0.1f)));
    all.add(onVectors("clip", new SparseLayer.Clip(-0.5f, 0.75f)));
    all.add(onImages("affine", new SparseLayer.Affine(-1.5f, 0.25f)));
    all.add(onImages("channel affine", new SparseLayer.ChannelAffine(true, true)));
    all.add(onImages("channel scale", relu, new SparseLayer.ChannelAffine(true, false)));
    all.add(onImages("channel shift", new SparseLayer.ChannelAffine(false, true)));
    Node second = new Node("second", conv(4, 3, 1, 1, 1), "relu");
    all.add(joined("add", new SparseLayer.Add(), second));
    all.add(joined("concat", new SparseLayer.Concat(), second));
    all.add(joined("multiply", new SparseLayer.Multiply(), second));
    all.add(
        joined(
            "multiply per channel",
            new SparseLayer.Multiply(),
            new Node("squeezed", new SparseLayer.GlobalAveragePool(), "relu"),
            new Node("gate", new SparseLayer.Activation(Function.SIGMOID), "squeezed")));
    all.add(
        joined(
            "residual block",
            new SparseLayer.Add(),
            new Node("conv1", new SparseLayer.Convolution(4, 3, 1, 1, 1, false), "relu"),
            new Node("norm1", new SparseLayer.BatchNorm(1e-5f), "conv1"),
            new Node("relu1", relu, "norm1"),
            new Node("conv2", new SparseLayer.Convolution(4, 3, 1, 1, 1, false), "relu1"),
            new Node("norm2", new SparseLayer.BatchNorm(1e-5f), "conv2")));
    all.add(
        joined(
            "norm of what it is added to",
            new SparseLayer.Add(),
            new Node("norm", new SparseLayer.BatchNorm(0.1f), "relu")));
    all.add(
        joined(
            "norm that is read twice",
            new SparseLayer.Add(),
            new Node("norm", new SparseLayer.BatchNorm(0.1f), "relu"),
            new Node("sum", new SparseLayer.Add(), List.of("norm", "relu")),
            new Node("both", new SparseLayer.Add(), List.of("norm", "sum"))));
    all.add(residualBlocks());
    all.addAll(ofSequences());
    return all.stream();
  }

  private static List<Case> ofSequences() {
    SparseLayer relu = new SparseLayer.Activation(Function.RELU);
    SparseLayer linear = new SparseLayer.Linear(8, true);
    return List.of(
        onText("embedding"),
        onText("linear at positions", linear, relu, new SparseLayer.Linear(5, false)),
        onText("norm of positions", new SparseLayer.PositionNorm(true, 0, 1e-3f), linear),
        onText("norm of positions, cut", linear, new SparseLayer.PositionNorm(true, 11, 1e-3f)),
        onText("root mean square", linear, new SparseLayer.PositionNorm(false, 0, 1e-3f)),
        onText("root mean square, cut", relu, new SparseLayer.PositionNorm(false, 9, 1e-3f)),
        onText("rotary", linear, new SparseLayer.RotaryEmbedding(4, 30)),
        onText("rotary of activations", linear, relu, new SparseLayer.RotaryEmbedding(8, 10)),
        onText("class token", relu, new SparseLayer.ClassToken(), linear),
        onText("first position", linear, relu, new SparseLayer.FirstPosition()),
        onText("mean of positions", linear, relu, new SparseLayer.MeanPool()),
        onImages(
            "positions",
            new SparseLayer.Activation(Function.TANH),
            new SparseLayer.FlattenPositions(),
            linear),
        onImages("patches", conv(6, 2, 2, 0, 1), new SparseLayer.FlattenPositions(), linear),
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
        new SparseGraph(
            new SparseShape(1, 1, 5),
            List.of(
                new Node("first", new SparseLayer.TokenEmbedding(7, 6), SparseGraph.INPUT),
                new Node("relu", new SparseLayer.Activation(Function.RELU), "first"),
                new Node(
                    "heads", new SparseLayer.Attention(3, true), List.of("relu", "relu", "relu")),
                new Node("sum", new SparseLayer.Add(), List.of("heads", "relu")),
                new Node("out", new SparseLayer.Linear(3, true), "sum"))));
  }

  /** Without a bias, which has no slope before a norm. */
  private static SparseLayer bare(int outputs, int kernel, int stride, int padding) {
    return new SparseLayer.Convolution(outputs, kernel, stride, padding, 1, false);
  }

  /** Two sums that the next one reads, one of two norms, and one of a norm and a convolution. */
  private static Case residualBlocks() {
    SparseLayer relu = new SparseLayer.Activation(Function.RELU);
    SparseLayer tanh = new SparseLayer.Activation(Function.TANH);
    SparseLayer norm = new SparseLayer.BatchNorm(0.1f);
    SparseLayer add = new SparseLayer.Add();
    return new Case(
        "residual blocks",
        new SparseGraph(
            IMAGE,
            List.of(
                new Node("first", bare(4, 3, 1, 1), SparseGraph.INPUT),
                new Node("n1", norm, "first"),
                new Node("r1", tanh, "n1"),
                new Node("c2", bare(4, 3, 1, 1), "r1"),
                new Node("n2", norm, "c2"),
                new Node("s1", add, List.of("n2", "r1")),
                new Node("r2", relu, "s1"),
                new Node("c3", bare(4, 3, 1, 1), "r2"),
                new Node("n3", norm, "c3"),
                new Node("s2", add, List.of("r2", "n3")),
                new Node("c4", bare(5, 3, 2, 1), "s2"),
                new Node("n4", norm, "c4"),
                new Node("c5", bare(5, 5, 2, 2), "s2"),
                new Node("n5", norm, "c5"),
                new Node("s3", add, List.of("n4", "n5")),
                new Node("r3", tanh, "s3"),
                new Node("c6", conv(5, 3, 1, 1, 1), "r3"),
                new Node("c7", bare(5, 3, 1, 1), "r3"),
                new Node("n7", norm, "c7"),
                new Node("s4", add, List.of("n7", "c6")),
                new Node("f", new SparseLayer.Flatten(), "s4"),
                new Node("out", new SparseLayer.Linear(3, true), "f"))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradients_ofHalfOfTheWeights_areSlopes(Case tested) {
    assertSlopes(tested.graph(), 0.5, 3);
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

  private static void assertSlopes(SparseGraph graph, double density, int examples) {
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
