package io.espalier.trainer.sparse;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.TokenEmbedding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** A network with random masks and values, a batch for it, and the same in double. */
final class Example {
  final Network graph;
  final SparseNetwork network;
  private final Map<String, double[]> dense = new HashMap<>();
  final float[] inputs;

  /** The system property that sets the threads of the network. */
  static final String THREADS = "threads";

  final int[] labels;
  final int examples;

  Example(Network graph, double density, int examples, int moments, long seed) {
    this.graph = graph;
    this.examples = examples;
    SplittableRandom random = new SplittableRandom(seed);
    SparseNetwork whole = SparseNetwork.training(graph, Map.of(), 1, 0);
    Map<ParameterId, Mask> masks = new HashMap<>();
    for (SparseParameter each : whole.parameters()) {
      if (each.shape().rank() > 1) {
        masks.put(each.shape().id(), mask(each.shape().dimensions(), density, random));
      }
    }
    network =
        SparseNetwork.training(graph, masks, examples, moments, Integer.getInteger(THREADS, 1));
    for (SparseParameter each : network.parameters()) {
      fill(each, random);
      double[] values = new double[each.mask().size()];
      int[] unit = {each.mask().nextKept(0)};
      for (float value : each.values()) {
        values[unit[0]] = value;
        unit[0] = each.mask().nextKept(unit[0] + 1);
      }
      dense.put(each.shape().id().name(), values);
    }
    inputs = new float[examples * graph.input().size()];
    int tokens = tokens(graph);
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = tokens > 0 ? random.nextInt(tokens) : (float) random.nextGaussian();
    }
    labels = random.ints((long) examples * network.positions(), 0, network.outputs()).toArray();
  }

  /** How many tokens a network reads; 0 if its inputs are numbers. */
  private static int tokens(Network graph) {
    return graph.nodes().stream()
        .map(GraphNode::layer)
        .filter(TokenEmbedding.class::isInstance)
        .mapToInt(layer -> ((TokenEmbedding) layer).tokens())
        .findFirst()
        .orElse(0);
  }

  /** Keeps nothing of output 1 where there are several, so that a row or filter is empty. */
  private static Mask mask(List<Integer> shape, double density, SplittableRandom random) {
    int size = shape.stream().reduce(1, (a, b) -> a * b);
    int perOutput = size / shape.get(0);
    return Mask.of(
        size, unit -> (density == 1 || unit / perOutput != 1) && random.nextDouble() < density);
  }

  private static void fill(SparseParameter parameter, SplittableRandom random) {
    String name = parameter.shape().id().name();
    float[] values = parameter.values();
    for (int i = 0; i < values.length; i++) {
      double drawn = random.nextGaussian();
      if (name.endsWith(".variance") || name.endsWith(".scale")) {
        drawn = 0.5 + random.nextDouble();
      }
      values[i] = (float) drawn;
    }
  }

  /** A network for inference with the same masks and values. */
  SparseNetwork inference(int batch) {
    Map<ParameterId, Mask> masks = new HashMap<>();
    network.parameters().forEach(each -> masks.put(each.shape().id(), each.mask()));
    SparseNetwork inference = SparseNetwork.inference(graph, masks, batch);
    for (SparseParameter each : network.parameters()) {
      float[] target = inference.parameter(each.shape().id()).values();
      System.arraycopy(each.values(), 0, target, 0, target.length);
    }
    return inference;
  }

  double[] dense(ParameterId id) {
    return Optional.ofNullable(dense.get(id.name())).orElseThrow();
  }

  NaiveNetwork naive() {
    return new NaiveNetwork(graph, dense);
  }

  double[] inputsInDouble() {
    double[] result = new double[inputs.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = inputs[i];
    }
    return result;
  }

  /** The mean over examples of squared distances of logits from a pattern, without libraries. */
  static double loss(float[] logits, int[] labels, int classes, float[] gradient) {
    double sum = 0;
    for (int row = 0; row < labels.length; row++) {
      for (int c = 0; c < classes; c++) {
        double distance = logits[row * classes + c] - target(labels[row], c, row);
        sum += distance * distance / 2;
        gradient[row * classes + c] = (float) (distance / labels.length);
      }
    }
    return sum / labels.length;
  }

  double naiveLoss() {
    double[] logits = naive().logits(inputsInDouble(), examples, true);
    double sum = 0;
    int classes = network.outputs();
    for (int i = 0; i < logits.length; i++) {
      double distance = logits[i] - target(labels[i / classes], i % classes, i / classes);
      sum += distance * distance / 2;
    }
    return sum / labels.length;
  }

  private static double target(int label, int c, int row) {
    return label == c ? 1 + row % 3 : -0.5;
  }
}
