package io.espalier.trainer.sparse;

import io.espalier.configs.OptimizerConfig;
import io.espalier.trainer.sparse.SparseGraph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A process that trains a network with every kernel, and prints all that follows from it. */
final class TrainedBits {
  private final Example example = new Example(graph(), 0.4, 150, 1, 3);

  public static void main(String[] arguments) {
    TrainedBits trained = new TrainedBits();
    System.out.println(trained.example.network.kernels());
    trained.bits().forEach(System.out::println);
    ofText().forEach(System.out::println);
  }

  /** Of a small transformer, whose batches are no multiples of a vector. */
  private static List<Integer> ofText() {
    Example example = new Example(text(), 0.4, 37, 1, 3);
    SparseOptimizer optimizer =
        new SparseOptimizer(new OptimizerConfig.Sgd(0.9, 1e-4), Optional.of(5.0));
    List<Integer> bits = new ArrayList<>();
    for (int step = 0; step < 4; step++) {
      double loss = example.network.gradients(example.inputs, example.labels, Example::loss);
      bits.add(Float.floatToRawIntBits((float) loss));
      example.network.update(optimizer, step, 0.01);
    }
    example.network.parameters().forEach(each -> add(bits, each.values()));
    float[] logits = new float[example.labels.length * example.network.outputs()];
    example.inference(1).infer(example.inputs, 37, logits);
    add(bits, logits);
    return bits;
  }

  private static SparseGraph text() {
    return new SparseGraph(
        new SparseShape(1, 1, 9),
        List.of(
            new Node("mask", new SparseLayer.PaddingMask(0), SparseGraph.INPUT),
            new Node("tokens", new SparseLayer.TokenEmbedding(11, 8), SparseGraph.INPUT),
            new Node("positions", new SparseLayer.PositionEmbedding(), "tokens"),
            new Node("x", new SparseLayer.Add(), List.of("tokens", "positions")),
            new Node("norm", new SparseLayer.PositionNorm(true, 0, 1e-5f), "x"),
            new Node("q", new SparseLayer.Linear(12, true), "norm"),
            new Node("k", new SparseLayer.Linear(6, true), "norm"),
            new Node("v", new SparseLayer.Linear(6, true), "norm"),
            new Node("turned", new SparseLayer.RotaryEmbedding(6, 100), "q"),
            new Node(
                "heads", new SparseLayer.Attention(6, true), List.of("turned", "k", "v", "mask")),
            new Node("gelu", new SparseLayer.Activation(SparseLayer.Function.GELU), "heads"),
            new Node("token", new SparseLayer.ClassToken(), "gelu"),
            new Node("rms", new SparseLayer.PositionNorm(false, 16, 1e-5f), "token"),
            new Node("out", new SparseLayer.Linear(5, true), "rms")));
  }

  private List<Integer> bits() {
    SparseOptimizer optimizer =
        new SparseOptimizer(new OptimizerConfig.Sgd(0.9, 1e-4), Optional.of(5.0));
    List<Integer> bits = new ArrayList<>();
    int size = example.graph.input().size();
    for (int step = 0; step < 4; step++) {
      int[] labels = Arrays.copyOf(example.labels, List.of(150, 16, 37, 100).get(step));
      double loss = example.network.gradients(example.inputs, labels, Example::loss);
      bits.add(Float.floatToRawIntBits((float) loss));
      example.network.update(optimizer, step, 0.01);
    }
    double ofBytes =
        example.network.gradients(ByteInputs.random(150, size, 2), example.labels, Example::loss);
    bits.add(Float.floatToRawIntBits((float) ofBytes));
    for (int examples : new int[] {1, 20, 150}) {
      float[] logits = new float[examples * example.network.outputs()];
      example.network.infer(Arrays.copyOf(example.inputs, examples * size), examples, logits);
      add(bits, logits);
    }
    example.network.parameters().forEach(each -> add(bits, each.values()));
    float[] alone = new float[20 * example.network.outputs()];
    example.inference(1).infer(Arrays.copyOf(example.inputs, 20 * size), 20, alone);
    add(bits, alone);
    return bits;
  }

  private static SparseGraph graph() {
    SparseLayer relu = new SparseLayer.Activation(SparseLayer.Function.RELU);
    return new SparseGraph(
        new SparseShape(2, 9, 9),
        List.of(
            new Node("c1", new SparseLayer.Convolution(6, 3, 1, 1, 1, false), SparseGraph.INPUT),
            new Node("n1", new SparseLayer.BatchNorm(1e-5f), "c1"),
            new Node("r1", relu, "n1"),
            new Node("c2", new SparseLayer.Convolution(6, 3, 1, 1, 3, true), "r1"),
            new Node("n2", new SparseLayer.GroupNorm(2, 1e-5f), "c2"),
            new Node("a", new SparseLayer.Add(), List.of("n2", "r1")),
            new Node("r2", relu, "a"),
            new Node("c3", new SparseLayer.Convolution(8, 3, 2, 1, 1, true), "r2"),
            new Node("t", new SparseLayer.Activation(SparseLayer.Function.TANH), "c3"),
            new Node("p", new SparseLayer.MaxPool(2, 2, 0), "t"),
            new Node("f", new SparseLayer.Flatten(), "p"),
            new Node("out", new SparseLayer.Linear(5, true), "f")));
  }

  private static void add(List<Integer> bits, float[] values) {
    for (float value : values) {
      bits.add(Float.floatToRawIntBits(value));
    }
  }
}
