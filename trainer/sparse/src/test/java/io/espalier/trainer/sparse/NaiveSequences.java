package io.espalier.trainer.sparse;

import io.espalier.trainer.network.Attention;
import io.espalier.trainer.network.ClassToken;
import io.espalier.trainer.network.FirstPosition;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.MeanPool;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.PaddingMask;
import io.espalier.trainer.network.PositionEmbedding;
import io.espalier.trainer.network.PositionNorm;
import io.espalier.trainer.network.RotaryEmbedding;
import io.espalier.trainer.network.TokenEmbedding;
import java.util.Map;
import java.util.Optional;

/** Layers of sequences in double, with values {@code [examples, features, positions]}. */
final class NaiveSequences {
  private final Map<String, double[]> parameters;
  private final Map<String, Cells> shapes;

  NaiveSequences(Map<String, double[]> parameters, Map<String, Cells> shapes) {
    this.parameters = parameters;
    this.shapes = shapes;
  }

  /** {@code [examples · positions, features]} of {@code [examples, features, positions]}. */
  static double[] rows(double[] x, Cells shape) {
    double[] rows = new double[x.length];
    int positions = shape.width();
    for (int i = 0; i < x.length; i++) {
      int position = i % positions;
      int feature = i / positions % shape.channels();
      int example = i / shape.size();
      rows[(example * positions + position) * shape.channels() + feature] = x[i];
    }
    return rows;
  }

  private static <T> T of(Map<String, T> map, String name) {
    return Optional.ofNullable(map.get(name)).orElseThrow();
  }

  private double[] of(GraphNode node, String role) {
    return of(parameters, node.name() + "." + role);
  }

  /** Empty for other layers. */
  Optional<double[]> layer(GraphNode node, Map<String, double[]> values, int n) {
    String first = node.inputs().get(0);
    double[] x = of(values, first);
    Cells in = of(shapes, first);
    Layer layer = node.layer();
    double[] y = new double[n * of(shapes, node.name()).size()];
    if (layer instanceof TokenEmbedding embedding) {
      embed(of(node, "weight"), embedding, x, in.width(), y);
    } else if (layer instanceof PaddingMask mask) {
      for (int i = 0; i < y.length; i++) {
        y[i] = x[i] == mask.padding() ? 0 : 1;
      }
    } else if (layer instanceof PositionEmbedding) {
      double[] weight = of(node, "weight");
      for (int i = 0; i < y.length; i++) {
        y[i] = weight[i % in.size()];
      }
    } else if (layer instanceof ClassToken) {
      precede(of(node, "weight"), x, in, y);
    } else if (layer instanceof RotaryEmbedding rotary) {
      turn(rotary, x, in, y);
    } else if (layer instanceof PositionNorm norm) {
      normalise(node, norm, x, in, y);
    } else if (layer instanceof FirstPosition) {
      for (int i = 0; i < y.length; i++) {
        y[i] = x[i * in.width()];
      }
    } else if (layer instanceof MeanPool) {
      Optional<double[]> mask = node.inputs().stream().skip(1).findFirst().map(values::get);
      pool(x, in, mask, y);
    } else if (layer instanceof Attention attention) {
      attend(attention, node, values, y);
    } else {
      return Optional.empty();
    }
    return Optional.of(y);
  }

  private static void embed(
      double[] weight, TokenEmbedding layer, double[] x, int positions, double[] y) {
    for (int i = 0; i < y.length; i++) {
      int feature = i / positions % layer.features();
      int example = i / positions / layer.features();
      y[i] = weight[feature * layer.tokens() + (int) x[example * positions + i % positions]];
    }
  }

  private static void precede(double[] weight, double[] x, Cells in, double[] y) {
    int positions = in.width() + 1;
    for (int i = 0; i < y.length; i++) {
      int row = i / positions;
      int position = i % positions;
      y[i] = position == 0 ? weight[row % in.channels()] : x[row * in.width() + position - 1];
    }
  }

  private static void turn(RotaryEmbedding layer, double[] x, Cells in, double[] y) {
    int size = layer.headSize();
    for (int i = 0; i < y.length; i++) {
      int feature = i / in.width() % in.channels() % size;
      int pair = feature % (size / 2);
      double angle = i % in.width() * Math.pow(layer.base(), -2.0 * pair / size);
      int apart = size / 2 * in.width();
      y[i] =
          feature < size / 2
              ? x[i] * Math.cos(angle) - x[i + apart] * Math.sin(angle)
              : x[i] * Math.cos(angle) + x[i - apart] * Math.sin(angle);
    }
  }

  private void normalise(GraphNode node, PositionNorm layer, double[] x, Cells in, double[] y) {
    int width = layer.width() == 0 ? in.channels() : layer.width();
    int positions = in.width();
    double[] scales = of(node, "scale");
    double[] shifts = layer.centred() ? of(node, "shift") : new double[in.channels()];
    for (int i = 0; i < y.length; i++) {
      int first = i / in.size() * in.size() + i % positions;
      double sum = 0;
      double squares = 0;
      for (int c = 0; c < in.channels(); c++) {
        sum += x[first + c * positions];
        squares += x[first + c * positions] * x[first + c * positions];
      }
      double mean = layer.centred() ? sum / width : 0;
      double deviation = Math.sqrt(squares / width - mean * mean + layer.epsilon());
      int feature = i / positions % in.channels();
      y[i] = (x[i] - mean) / deviation * scales[feature] + shifts[feature];
    }
  }

  private static void pool(double[] x, Cells in, Optional<double[]> mask, double[] y) {
    int positions = in.width();
    for (int i = 0; i < y.length; i++) {
      double sum = 0;
      double count = 0;
      for (int p = 0; p < positions; p++) {
        int at = i / in.channels() * positions + p;
        double present = mask.isPresent() ? mask.get()[at] : 1;
        sum += present * x[i * positions + p];
        count += present;
      }
      y[i] = sum / Math.max(1, count);
    }
  }

  private void attend(Attention layer, GraphNode node, Map<String, double[]> values, double[] y) {
    double[] q = of(values, node.inputs().get(0));
    double[] k = of(values, node.inputs().get(1));
    double[] v = of(values, node.inputs().get(2));
    double[] mask = node.inputs().size() > 3 ? of(values, node.inputs().get(3)) : new double[0];
    Cells queries = of(shapes, node.inputs().get(0));
    Cells keys = of(shapes, node.inputs().get(1));
    int sharing = queries.channels() / keys.channels();
    int positions = queries.width();
    for (int i = 0; i < y.length; i++) {
      int query = i % positions;
      int feature = i / positions % queries.channels();
      int example = i / queries.size();
      int head = feature / layer.headSize();
      int ofQueries = example * queries.size() + head * layer.headSize() * positions;
      int ofKeys = example * keys.size() + head / sharing * layer.headSize() * positions;
      double sum = 0;
      double weights = 0;
      boolean seesNone = true;
      for (int pass = 0; pass < 2 && seesNone; pass++) {
        for (int key = 0; key < (layer.causal() ? query + 1 : positions); key++) {
          boolean hidden = mask.length > 0 && mask[example * positions + key] == 0;
          if (hidden && pass == 0) {
            continue;
          }
          seesNone = false;
          double product = 0;
          for (int d = 0; d < layer.headSize() && pass == 0; d++) {
            product += q[ofQueries + d * positions + query] * k[ofKeys + d * positions + key];
          }
          double weight = Math.exp(product / Math.sqrt(layer.headSize()));
          weights += weight;
          sum += weight * v[ofKeys + feature % layer.headSize() * positions + key];
        }
      }
      y[i] = sum / weights;
    }
  }
}
