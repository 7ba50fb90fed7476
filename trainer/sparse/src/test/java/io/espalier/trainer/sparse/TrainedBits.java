package io.espalier.trainer.sparse;

import io.espalier.configs.OptimizerConfig;
import io.espalier.masks.Mask;
import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Add;
import io.espalier.trainer.network.Attention;
import io.espalier.trainer.network.AveragePool;
import io.espalier.trainer.network.BatchNorm;
import io.espalier.trainer.network.ChannelAffine;
import io.espalier.trainer.network.ChannelShuffle;
import io.espalier.trainer.network.ClassToken;
import io.espalier.trainer.network.Concat;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.GlobalAveragePool;
import io.espalier.trainer.network.GroupNorm;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.LeakyRelu;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.MaxPool;
import io.espalier.trainer.network.Multiply;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.PaddingMask;
import io.espalier.trainer.network.PositionEmbedding;
import io.espalier.trainer.network.PositionNorm;
import io.espalier.trainer.network.RotaryEmbedding;
import io.espalier.trainer.network.TokenEmbedding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A process that trains a network with every kernel, and prints all that follows from it. */
final class TrainedBits {
  private static final int BLOCK = 8;
  private static final Optional<Double> NO_CLIP = Optional.empty();

  private final Example example;

  private TrainedBits(Network graph) {
    example = new Example(graph, 0.4, 150, 1, 3);
  }

  public static void main(String[] arguments) {
    TrainedBits trained = new TrainedBits(graph());
    System.out.println(trained.example.network.kernels());
    trained.bits().forEach(System.out::println);
    ofText().forEach(System.out::println);
    new TrainedBits(branches()).bits().forEach(System.out::println);
    ofSharedInputs(1).forEach(System.out::println);
    ofSharedInputs(BLOCK).forEach(System.out::println);
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

  private static Network text() {
    return Graphs.of(
        new Cells(1, 1, 9),
        List.of(
            Graphs.node("mask", new PaddingMask(0), Network.INPUT),
            Graphs.node("tokens", new TokenEmbedding(11, 8), Network.INPUT),
            Graphs.node("positions", new PositionEmbedding(), "tokens"),
            Graphs.node("x", new Add(), List.of("tokens", "positions")),
            Graphs.node("norm", new PositionNorm(true, 0, 1e-5f), "x"),
            Graphs.node("q", new Linear(24, true), "norm"),
            Graphs.node("k", new Linear(12, true), "norm"),
            Graphs.node("v", new Linear(12, true), "norm"),
            Graphs.node("turned", new RotaryEmbedding(6, 100), "q"),
            Graphs.node("heads", new Attention(6, true), List.of("turned", "k", "v", "mask")),
            Graphs.node("gelu", new Activation(Activation.Function.GELU), "heads"),
            Graphs.node("token", new ClassToken(), "gelu"),
            Graphs.node("rms", new PositionNorm(false, 32, 1e-5f), "token"),
            Graphs.node("out", new Linear(5, true), "rms")));
  }

  /** Of layers that are dense, or of which blocks along outputs are kept. */
  private static List<Integer> ofSharedInputs(int block) {
    Example example = new Example(wide(), 1, 150, 1, 3);
    if (block > 1) {
      example.network.parameters().stream()
          .filter(each -> each.shape().rank() > 1)
          .forEach(each -> each.replaceMask(blocks(each, block), new float[0]));
    }
    SparseOptimizer optimizer = new SparseOptimizer(new OptimizerConfig.Sgd(0.9, 1e-4), NO_CLIP);
    List<Integer> bits = new ArrayList<>();
    for (int batch : new int[] {150, 128, 37, 16}) {
      int[] labels = Arrays.copyOf(example.labels, batch);
      double loss = example.network.gradients(example.inputs, labels, Example::loss);
      bits.add(Float.floatToRawIntBits((float) loss));
      example.network.parameters().forEach(each -> add(bits, each.gradient()));
      example.network.update(optimizer, 0, 1e-9);
    }
    return bits;
  }

  /** Two thirds of the blocks of so many outputs and one input. */
  private static Mask blocks(SparseParameter weight, int block) {
    int perOutput = weight.shape().size() / weight.shape().dimensions().get(0);
    return Mask.of(
        weight.shape().size(), unit -> (unit / perOutput / block + unit % perOutput) % 3 > 0);
  }

  private static Network wide() {
    Layer relu = new Activation(Activation.Function.RELU);
    return Graphs.of(
        new Cells(3, 8, 8),
        List.of(
            Graphs.node("c1", new Convolution(8, 3, 1, 1, 1, true), Network.INPUT),
            Graphs.node("r1", relu, "c1"),
            Graphs.node("c2", new Convolution(26, 3, 2, 1, 1, true), "r1"),
            Graphs.node("r2", relu, "c2"),
            Graphs.node("f", new Flatten(), "r2"),
            Graphs.node("fc1", new Linear(100, true), "f"),
            Graphs.node("r3", relu, "fc1"),
            Graphs.node("fc2", new Linear(98, true), "r3"),
            Graphs.node("out", new Linear(5, true), "fc2")));
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

  private static Network graph() {
    Layer relu = new Activation(Activation.Function.RELU);
    return Graphs.of(
        new Cells(2, 9, 9),
        List.of(
            Graphs.node("c1", new Convolution(6, 3, 1, 1, 1, false), Network.INPUT),
            Graphs.node("n1", new BatchNorm(1e-5f), "c1"),
            Graphs.node("r1", relu, "n1"),
            Graphs.node("c2", new Convolution(6, 3, 1, 1, 3, true), "r1"),
            Graphs.node("n2", new GroupNorm(2, 1e-5f), "c2"),
            Graphs.node("a", new Add(), List.of("n2", "r1")),
            Graphs.node("r2", relu, "a"),
            Graphs.node("c3", new Convolution(8, 3, 2, 1, 1, true), "r2"),
            Graphs.node("t", new Activation(Activation.Function.TANH), "c3"),
            Graphs.node("p", new MaxPool(2, 2, 0), "t"),
            Graphs.node("f", new Flatten(), "p"),
            Graphs.node("out", new Linear(5, true), "f")));
  }

  /** Layers that move, scale and join channels. */
  private static Network branches() {
    return Graphs.of(
        new Cells(2, 9, 9),
        List.of(
            Graphs.node("c1", new Convolution(6, 3, 1, 1, 1, true), Network.INPUT),
            Graphs.node("a1", new ChannelAffine(true, true), "c1"),
            Graphs.node("r1", new LeakyRelu(0.1f), "a1"),
            Graphs.node("s1", new ChannelShuffle(3), "r1"),
            Graphs.node("p1", new AveragePool(3, 2, 1, false), "s1"),
            Graphs.node("c2", new Convolution(6, 3, 2, 1, 1, false), "r1"),
            Graphs.node("n2", new BatchNorm(1e-5f), "c2"),
            Graphs.node("sum", new Add(), List.of("n2", "p1")),
            Graphs.node("r2", new Activation(Activation.Function.RELU), "sum"),
            Graphs.node("g", new GlobalAveragePool(), "r2"),
            Graphs.node("gate", new Activation(Activation.Function.SIGMOID), "g"),
            Graphs.node("scaled", new Multiply(), List.of("r2", "gate")),
            Graphs.node("both", new Concat(), List.of("scaled", "p1")),
            Graphs.node("mean", new GlobalAveragePool(), "both"),
            Graphs.node("out", new Linear(5, true), "mean")));
  }

  private static void add(List<Integer> bits, float[] values) {
    for (float value : values) {
      bits.add(Float.floatToRawIntBits(value));
    }
  }
}
