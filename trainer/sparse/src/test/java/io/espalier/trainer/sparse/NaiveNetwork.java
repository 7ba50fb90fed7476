package io.espalier.trainer.sparse;

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
import io.espalier.trainer.network.FlattenPositions;
import io.espalier.trainer.network.GlobalAveragePool;
import io.espalier.trainer.network.GroupNorm;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.LeakyRelu;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.LocalResponseNorm;
import io.espalier.trainer.network.MaxPool;
import io.espalier.trainer.network.Multiply;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.Pad;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/** A second implementation: dense, in double, an index for each axis, no layout. */
final class NaiveNetwork {
  private final Network graph;
  private final Map<String, Cells> shapes;
  private final Map<String, double[]> parameters;

  /** {@code parameters} are dense, by name, with 0 for pruned weights. */
  NaiveNetwork(Network graph, Map<String, double[]> parameters) {
    this.graph = graph;
    this.parameters = parameters;
    shapes = Cells.of(graph);
  }

  /** Logits {@code [examples · positions, classes]}. */
  double[] logits(double[] inputs, int examples, boolean training) {
    Map<String, double[]> values = new HashMap<>(Map.of(Network.INPUT, inputs));
    String last = "";
    for (GraphNode node : graph.nodes()) {
      values.put(node.name(), layer(node, values, examples, training));
      last = node.name();
    }
    return NaiveSequences.rows(of(values, last), of(shapes, last));
  }

  private static <T> T of(Map<String, T> map, String name) {
    return Optional.ofNullable(map.get(name)).orElseThrow();
  }

  private double[] layer(GraphNode node, Map<String, double[]> values, int n, boolean training) {
    Cells in = of(shapes, node.inputs().get(0));
    Cells out = of(shapes, node.name());
    double[] x = of(values, node.inputs().get(0));
    Layer layer = node.layer();
    if (layer instanceof Convolution c) {
      return convolution(node, c, x, in, out, n);
    }
    if (layer instanceof Linear linear) {
      return convolution(
          node, new Convolution(linear.outputs(), 1, 1, 0, 1, linear.bias()), x, in, out, n);
    }
    if (layer instanceof BatchNorm norm) {
      return batchNorm(node, norm, x, in, n, training);
    }
    if (layer instanceof GroupNorm norm) {
      return groupNorm(node, norm, x, in, n);
    }
    if (layer instanceof LocalResponseNorm norm) {
      return localResponse(norm, x, in);
    }
    if (layer instanceof ChannelShuffle shuffle) {
      return shuffled(shuffle.groups(), x, in);
    }
    if (layer instanceof ChannelAffine affine) {
      return perChannel(
          x,
          in,
          (c, v) ->
              v * (affine.scaled() ? of(node, "scale")[c] : 1)
                  + (affine.shifted() ? of(node, "shift")[c] : 0));
    }
    if (layer instanceof MaxPool p) {
      return pool(x, in, out, n, p.kernel(), p.stride(), p.padding(), true, false);
    }
    if (layer instanceof AveragePool p) {
      return pool(x, in, out, n, p.kernel(), p.stride(), p.padding(), false, p.countsPadding());
    }
    if (layer instanceof GlobalAveragePool) {
      return pool(x, in, new Cells(in.channels(), 1, 1), n, in.height(), 1, 0, false, true);
    }
    if (layer instanceof Add || layer instanceof Multiply) {
      return join(node, values, n);
    }
    if (layer instanceof Concat) {
      return concat(node.inputs(), values, out, n);
    }
    if (layer instanceof Pad pad) {
      return pad(x, pad, in, out, n);
    }
    if (layer instanceof Flatten || layer instanceof FlattenPositions) {
      return x;
    }
    Optional<double[]> sequence = new NaiveSequences(parameters, shapes).layer(node, values, n);
    if (sequence.isPresent()) {
      return sequence.get();
    }
    DoubleUnaryOperator function = function(layer);
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = function.applyAsDouble(x[i]);
    }
    return y;
  }

  private static DoubleUnaryOperator function(Layer layer) {
    if (layer instanceof LeakyRelu leaky) {
      return x -> x > 0 ? x : leaky.slope() * x;
    }
    if (layer instanceof Clip clip) {
      return x -> Math.max(clip.min(), Math.min(clip.max(), x));
    }
    if (layer instanceof Affine affine) {
      return x -> affine.scale() * x + affine.shift();
    }
    return switch (((Activation) layer).function()) {
      case RELU -> x -> Math.max(x, 0);
      case RELU6 -> x -> Math.max(0, Math.min(6, x));
      case HARD_SWISH -> x -> x * Math.max(0, Math.min(6, x + 3)) / 6;
      case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
      case TANH -> Math::tanh;
      case GELU -> x -> x * normal(x);
      case GELU_TANH ->
          x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case SILU -> x -> x / (1 + Math.exp(-x));
    };
  }

  /** The normal distribution by its series around 0 (Marsaglia, 2004), exact for small |x|. */
  private static double normal(double x) {
    if (Math.abs(x) > 8) {
      return x > 0 ? 1 : 0;
    }
    double sum = x;
    double term = x;
    for (int i = 3; i < 200; i += 2) {
      term *= x * x / i;
      sum += term;
    }
    return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  private double[] of(GraphNode node, String role) {
    return of(parameters, node.name() + "." + role);
  }

  private static int at(Cells shape, int n, int c, int y, int x) {
    return ((n * shape.channels() + c) * shape.height() + y) * shape.width() + x;
  }

  private static boolean isInside(Cells shape, int y, int x) {
    return y >= 0 && y < shape.height() && x >= 0 && x < shape.width();
  }

  private double[] convolution(
      GraphNode node, Convolution layer, double[] x, Cells in, Cells out, int n) {
    double[] weight = of(node, "weight");
    int k = layer.kernel();
    int perGroup = in.channels() / layer.groups();
    int outputs = layer.outputs() / layer.groups();
    double[] y = new double[n * out.size()];
    for (int b = 0; b < n; b++) {
      for (int o = 0; o < layer.outputs(); o++) {
        for (int row = 0; row < out.height(); row++) {
          for (int column = 0; column < out.width(); column++) {
            double sum = layer.bias() ? of(node, "bias")[o] : 0;
            for (int c = 0; c < perGroup; c++) {
              for (int i = 0; i < k * k; i++) {
                int fromY = row * layer.stride() + i / k - layer.padding();
                int fromX = column * layer.stride() + i % k - layer.padding();
                if (isInside(in, fromY, fromX)) {
                  sum +=
                      weight[(o * perGroup + c) * k * k + i]
                          * x[at(in, b, o / outputs * perGroup + c, fromY, fromX)];
                }
              }
            }
            y[at(out, b, o, row, column)] = sum;
          }
        }
      }
    }
    return y;
  }

  private interface OfChannel {
    double value(int channel, double x);
  }

  private static double[] perChannel(double[] x, Cells shape, OfChannel function) {
    int plane = shape.height() * shape.width();
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = function.value(i / plane % shape.channels(), x[i]);
    }
    return y;
  }

  private double[] batchNorm(
      GraphNode node, BatchNorm layer, double[] x, Cells shape, int n, boolean training) {
    int channels = shape.channels();
    int plane = shape.height() * shape.width();
    double[] mean = training ? new double[channels] : of(node, "mean");
    double[] variance = training ? new double[channels] : of(node, "variance");
    for (int i = 0; training && i < x.length; i++) {
      mean[i / plane % channels] += x[i] / (n * plane);
    }
    for (int i = 0; training && i < x.length; i++) {
      int c = i / plane % channels;
      variance[c] += (x[i] - mean[c]) * (x[i] - mean[c]) / (n * plane);
    }
    return perChannel(
        x,
        shape,
        (c, v) ->
            (v - mean[c]) / Math.sqrt(variance[c] + layer.epsilon()) * of(node, "scale")[c]
                + of(node, "shift")[c]);
  }

  private double[] groupNorm(GraphNode node, GroupNorm layer, double[] x, Cells shape, int n) {
    int count = shape.size() / layer.groups();
    double[] y = new double[x.length];
    for (int from = 0; from < n * shape.size(); from += count) {
      double mean = 0;
      for (int i = from; i < from + count; i++) {
        mean += x[i] / count;
      }
      double variance = 0;
      for (int i = from; i < from + count; i++) {
        variance += (x[i] - mean) * (x[i] - mean) / count;
      }
      for (int i = from; i < from + count; i++) {
        y[i] = (x[i] - mean) / Math.sqrt(variance + layer.epsilon());
      }
    }
    return perChannel(y, shape, (c, v) -> v * of(node, "scale")[c] + of(node, "shift")[c]);
  }

  private static double[] localResponse(LocalResponseNorm layer, double[] x, Cells shape) {
    int plane = shape.height() * shape.width();
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      int c = i / plane % shape.channels();
      double sum = 0;
      for (int k = 0; k < layer.size(); k++) {
        int other = c - (layer.size() - 1) / 2 + k;
        if (other >= 0 && other < shape.channels()) {
          sum += Math.pow(x[i + (other - c) * plane], 2);
        }
      }
      double base = layer.bias() + (double) layer.alpha() / layer.size() * sum;
      y[i] = x[i] / Math.pow(base, layer.beta());
    }
    return y;
  }

  private static double[] shuffled(int groups, double[] x, Cells shape) {
    int plane = shape.height() * shape.width();
    int block = shape.channels() / groups;
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      int c = i / plane % shape.channels();
      y[i] = x[i + (c % groups * block + c / groups - c) * plane];
    }
    return y;
  }

  private static double[] pool(
      double[] x,
      Cells in,
      Cells out,
      int n,
      int kernel,
      int stride,
      int padding,
      boolean largest,
      boolean countsPadding) {
    double[] y = new double[n * out.size()];
    for (int i = 0; i < y.length; i++) {
      int column = i % out.width();
      int row = i / out.width() % out.height();
      int c = i / out.width() / out.height() % out.channels();
      int b = i / out.size();
      double max = Double.NEGATIVE_INFINITY;
      double sum = 0;
      int cells = 0;
      for (int k = 0; k < kernel * kernel; k++) {
        int fromY = row * stride + k / kernel - padding;
        int fromX = column * stride + k % kernel - padding;
        if (isInside(in, fromY, fromX)) {
          double value = x[at(in, b, c, fromY, fromX)];
          max = Math.max(max, value);
          sum += value;
          cells++;
        }
      }
      y[i] = largest ? max : sum / (countsPadding ? kernel * kernel : cells);
    }
    return y;
  }

  private double[] join(GraphNode node, Map<String, double[]> values, int n) {
    Cells out = of(shapes, node.name());
    double[] y = new double[n * out.size()];
    for (int i = 0; i < y.length; i++) {
      double sum = 0;
      double product = 1;
      for (String name : node.inputs()) {
        double[] x = of(values, name);
        boolean perChannel = of(shapes, name).size() < out.size();
        double value = x[perChannel ? i / (out.height() * out.width()) : i];
        sum += value;
        product *= value;
      }
      y[i] = node.layer() instanceof Add ? sum : product;
    }
    return y;
  }

  private double[] concat(List<String> inputs, Map<String, double[]> values, Cells out, int n) {
    double[] y = new double[n * out.size()];
    for (int b = 0; b < n; b++) {
      int to = b * out.size();
      for (String name : inputs) {
        int size = of(shapes, name).size();
        System.arraycopy(of(values, name), b * size, y, to, size);
        to += size;
      }
    }
    return y;
  }

  private static double[] pad(double[] x, Pad pad, Cells in, Cells out, int n) {
    double[] y = new double[n * out.size()];
    for (int i = 0; i < y.length; i++) {
      int column = i % out.width() - pad.left();
      int row = i / out.width() % out.height() - pad.top();
      int c = i / out.width() / out.height() % out.channels();
      y[i] =
          isInside(in, row, column)
              ? x[at(in, i / out.size(), c, row, column)]
              : pad.lowest() ? Double.NEGATIVE_INFINITY : 0;
    }
    return y;
  }
}
