package io.espalier.trainer.sparse;

import io.espalier.configs.OptimizerConfig;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Add;
import io.espalier.trainer.network.BatchNorm;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.GlobalAveragePool;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a step take, by network and sparsity, with loss and SGD with momentum, batch 128?
 *
 * <pre>
 * mvn -pl trainer/sparse -am -Pjmh test -Djmh.args="StepBenchmark -p network=lenet-300-100"
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx2g", "-XX:+UseSerialGC", "--add-modules=jdk.incubator.vector"})
public class StepBenchmark {
  private static final int BATCH = 128;
  private static final double LEAST_IN_LAST = 0.3;

  /** {@code resnet-20} is for images of 28×28. */
  @Param({"lenet-300-100", "mlp-1024", "resnet-20"})
  String network = "";

  @Param({"0", "0.8", "0.9", "0.95", "0.98"})
  double sparsity;

  private final OptimizerConfig sgd = new OptimizerConfig.Sgd(0.9, 1e-4);
  private final SparseOptimizer optimizer = new SparseOptimizer(sgd, Optional.empty());
  private final float[] inputs = new float[BATCH * 784];
  private final int[] labels = new int[BATCH];
  private SparseNetwork sparse = SparseNetwork.inference(perceptron(1, 1), Map.of(), 1);
  private long step;

  @Setup
  public void draw() {
    Network graph =
        switch (network) {
          case "lenet-300-100" -> perceptron(784, 10, 300, 100);
          case "mlp-1024" -> perceptron(784, 10, 1024, 1024);
          default -> residual();
        };
    SplittableRandom random = new SplittableRandom(1);
    Map<ParameterId, Mask> masks = new HashMap<>();
    for (SparseParameter each : SparseNetwork.inference(graph, Map.of(), 1).parameters()) {
      String name = each.shape().id().name();
      if (each.shape().rank() > 1) {
        double density = 1 - sparsity;
        double kept = name.startsWith("out.") ? Math.max(LEAST_IN_LAST, density) : density;
        masks.put(each.shape().id(), Mask.of(each.shape().size(), i -> random.nextDouble() < kept));
      }
    }
    sparse = SparseNetwork.training(graph, masks, BATCH, SparseOptimizer.moments(sgd));
    for (SparseParameter each : sparse.parameters()) {
      float[] values = each.values();
      boolean isNorm = each.shape().id().name().contains("norm");
      for (int i = 0; i < values.length; i++) {
        values[i] = isNorm ? 1 : (float) random.nextGaussian() * 0.05f;
      }
    }
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < BATCH; i++) {
      labels[i] = random.nextInt(10);
    }
  }

  static Network perceptron(int features, int classes, int... hidden) {
    List<GraphNode> nodes = new ArrayList<>();
    String last = Network.INPUT;
    for (int width : hidden) {
      String name = "fc" + (nodes.size() / 2 + 1);
      nodes.add(Graphs.node(name, new Linear(width, true), last));
      last = "relu" + (nodes.size() / 2 + 1);
      nodes.add(Graphs.node(last, new Activation(Activation.Function.RELU), name));
    }
    nodes.add(Graphs.node("out", new Linear(classes, true), last));
    return Graphs.of(Cells.vector(features), nodes);
  }

  /** The residual network of 20 layers whose first has 16 channels. */
  static Network residual() {
    List<GraphNode> nodes = new ArrayList<>();
    String last = block(nodes, "stem", Network.INPUT, 16, 3, 1, true);
    for (int stage = 0; stage < 3; stage++) {
      for (int i = 0; i < 3; i++) {
        String name = "s" + stage + "b" + i;
        int width = 16 << stage;
        int stride = stage > 0 && i == 0 ? 2 : 1;
        String first = block(nodes, name + "c1", last, width, 3, stride, true);
        String second = block(nodes, name + "c2", first, width, 3, 1, false);
        String shortcut =
            stride == 1 ? last : block(nodes, name + "s", last, width, 1, stride, false);
        nodes.add(Graphs.node(name + "add", new Add(), List.of(second, shortcut)));
        last = name + "relu";
        nodes.add(Graphs.node(last, new Activation(Activation.Function.RELU), name + "add"));
      }
    }
    nodes.add(Graphs.node("pool", new GlobalAveragePool(), last));
    nodes.add(Graphs.node("out", new Linear(10, true), "pool"));
    return Graphs.of(new Cells(1, 28, 28), nodes);
  }

  private static String block(
      List<GraphNode> nodes,
      String name,
      String input,
      int width,
      int kernel,
      int stride,
      boolean relu) {
    nodes.add(
        Graphs.node(name, new Convolution(width, kernel, stride, kernel / 2, 1, false), input));
    nodes.add(Graphs.node(name + "norm", new BatchNorm(1e-5f), name));
    if (relu) {
      nodes.add(
          Graphs.node(name + "relu", new Activation(Activation.Function.RELU), name + "norm"));
    }
    return name + (relu ? "relu" : "norm");
  }

  @Benchmark
  public double step() {
    double loss = sparse.gradients(inputs, labels, StepBenchmark::crossEntropy);
    sparse.update(optimizer, step++, 0.01);
    return loss;
  }

  static double crossEntropy(float[] logits, int[] labels, int classes, float[] gradient) {
    double loss = 0;
    for (int row = 0; row < labels.length; row++) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        double exponential = PolynomialFunctions.of(logits[row * classes + c]);
        gradient[row * classes + c] = (float) exponential;
        sum += exponential;
      }
      for (int c = 0; c < classes; c++) {
        double share = gradient[row * classes + c] / sum;
        gradient[row * classes + c] =
            (float) ((share - (c == labels[row] ? 1 : 0)) / labels.length);
      }
      loss += Math.log(sum) - logits[row * classes + labels[row]];
    }
    return loss / labels.length;
  }
}
