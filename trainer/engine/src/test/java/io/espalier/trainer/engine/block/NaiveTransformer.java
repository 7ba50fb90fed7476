package io.espalier.trainer.engine.block;

import io.espalier.configs.ModelConfig.CharLm;
import io.espalier.configs.ModelConfig.FeedForward;
import io.espalier.configs.ModelConfig.Positions;
import io.espalier.configs.ModelConfig.SequenceNorm;
import io.espalier.trainer.network.Layer;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/** A whole transformer in plain arithmetic, position by position: {@code [position][feature]}. */
final class NaiveTransformer {
  private final CharLm model;
  private final Function<String, float[]> values;

  NaiveTransformer(CharLm model, Function<String, float[]> values) {
    this.model = model;
    this.values = values;
  }

  /** Gives the logits of a text, whose positions see all that are not padding. */
  static double[] classified(
      CharLm model, Function<String, float[]> values, int padding, float[] tokens) {
    NaiveTransformer all = new NaiveTransformer(model, values);
    double[][] x = all.blocks(tokens, (t, s) -> tokens[s] != padding);
    double[] mean = new double[model.features()];
    int present = 0;
    for (int t = 0; t < tokens.length; t++) {
      if (tokens[t] != padding) {
        present++;
        for (int f = 0; f < mean.length; f++) {
          mean[f] += x[t][f];
        }
      }
    }
    for (int f = 0; f < mean.length; f++) {
      mean[f] /= present;
    }
    return all.linear("output", true, new double[][] {mean})[0];
  }

  /** Gives the logits of each position, which sees itself and earlier ones. */
  double[][] logits(float[] tokens) {
    return linear("output", true, blocks(tokens, (t, s) -> s <= t));
  }

  interface Sight {
    boolean sees(int position, int other);
  }

  private double[][] blocks(float[] tokens, Sight sight) {
    return blocks(embedded(tokens), sight);
  }

  /** What all blocks and the last norm give. */
  double[][] blocks(double[][] embedded, Sight sight) {
    double[][] x = embedded;
    for (int block = 1; block <= model.layers(); block++) {
      String name = "block" + block;
      x = sum(x, attention(name + ".attention", norm(name + ".norm1", x), sight));
      x = sum(x, feedForward(name + ".ffn", norm(name + ".norm2", x)));
    }
    return norm("norm", x);
  }

  private double[][] embedded(float[] tokens) {
    float[] weight = values.apply("tokens.weight");
    int count = weight.length / model.features();
    double[][] x = new double[tokens.length][model.features()];
    for (int t = 0; t < tokens.length; t++) {
      for (int f = 0; f < model.features(); f++) {
        x[t][f] = weight[f * count + (int) tokens[t]];
        if (model.positions() == Positions.LEARNED) {
          x[t][f] += values.apply("positions.weight")[f * tokens.length + t];
        }
      }
    }
    return x;
  }

  private double[][] norm(String name, double[][] x) {
    float[] scale = values.apply(name + ".scale");
    boolean centred = model.norm() == SequenceNorm.LAYER;
    double[][] y = new double[x.length][scale.length];
    for (int t = 0; t < x.length; t++) {
      double mean = 0;
      for (double value : x[t]) {
        mean += centred ? value / scale.length : 0;
      }
      double variance = 0;
      for (double value : x[t]) {
        variance += (value - mean) * (value - mean) / scale.length;
      }
      for (int f = 0; f < scale.length; f++) {
        double shift = centred ? values.apply(name + ".shift")[f] : 0;
        y[t][f] = (x[t][f] - mean) / Math.sqrt(variance + Layer.EPSILON) * scale[f] + shift;
      }
    }
    return y;
  }

  private double[][] attention(String name, double[][] x, Sight sight) {
    int size = model.features() / model.heads();
    double[][] queries = turned(linear(name + ".query", true, x), size);
    double[][] keys = turned(linear(name + ".key", true, x), size);
    double[][] values = linear(name + ".value", true, x);
    double[][] means = new double[x.length][model.features()];
    for (int head = 0; head < model.heads(); head++) {
      int own = head * size;
      int shared = head / (model.heads() / model.keyValueHeads()) * size;
      for (int t = 0; t < x.length; t++) {
        double[] weights = new double[x.length];
        double sum = 0;
        for (int s = 0; s < x.length; s++) {
          if (!sight.sees(t, s)) {
            continue;
          }
          double product = 0;
          for (int i = 0; i < size; i++) {
            product += queries[t][own + i] * keys[s][shared + i];
          }
          weights[s] = Math.exp(product / Math.sqrt(size));
          sum += weights[s];
        }
        for (int s = 0; s < x.length; s++) {
          for (int i = 0; i < size; i++) {
            means[t][own + i] += weights[s] / sum * values[s][shared + i];
          }
        }
      }
    }
    return linear(name + ".output", false, means);
  }

  private double[][] turned(double[][] x, int size) {
    if (model.positions() == Positions.LEARNED) {
      return x;
    }
    double[][] y = new double[x.length][x[0].length];
    for (int t = 0; t < x.length; t++) {
      for (int head = 0; head < x[t].length; head += size) {
        for (int i = 0; i < size / 2; i++) {
          double angle = t / Math.pow(10_000, 2.0 * i / size);
          double a = x[t][head + i];
          double b = x[t][head + i + size / 2];
          y[t][head + i] = a * Math.cos(angle) - b * Math.sin(angle);
          y[t][head + i + size / 2] = b * Math.cos(angle) + a * Math.sin(angle);
        }
      }
    }
    return y;
  }

  private double[][] feedForward(String name, double[][] x) {
    double[][] up = linear(name + ".up", true, x);
    if (model.feedForward() == FeedForward.GELU) {
      return linear(name + ".down", false, map(up, NaiveTransformer::gelu));
    }
    double[][] gate = map(linear(name + ".gate", true, x), v -> v / (1 + Math.exp(-v)));
    for (int t = 0; t < up.length; t++) {
      for (int f = 0; f < up[t].length; f++) {
        up[t][f] *= gate[t][f];
      }
    }
    return linear(name + ".down", false, up);
  }

  /** {@code x · Φ(x)}, Φ by Simpson's rule. */
  private static double gelu(double x) {
    int parts = 200;
    double sum = 0;
    for (int i = 0; i <= parts; i++) {
      double at = x * i / parts;
      int weight = i == 0 || i == parts ? 1 : i % 2 == 0 ? 2 : 4;
      sum += weight * Math.exp(-at * at / 2);
    }
    return x * (0.5 + sum * x / parts / 3 / Math.sqrt(2 * Math.PI));
  }

  double[][] linear(String name, boolean bias, double[][] x) {
    float[] weight = values.apply(name + ".weight");
    int outputs = weight.length / x[0].length;
    double[][] y = new double[x.length][outputs];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < outputs; o++) {
        y[t][o] = bias ? values.apply(name + ".bias")[o] : 0;
        for (int f = 0; f < x[t].length; f++) {
          y[t][o] += x[t][f] * weight[o * x[t].length + f];
        }
      }
    }
    return y;
  }

  private static double[][] map(double[][] x, DoubleUnaryOperator function) {
    double[][] y = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      y[t] = Arrays.stream(x[t]).map(function).toArray();
    }
    return y;
  }

  private static double[][] sum(double[][] a, double[][] b) {
    double[][] y = new double[a.length][a[0].length];
    for (int t = 0; t < a.length; t++) {
      for (int f = 0; f < a[t].length; f++) {
        y[t][f] = a[t][f] + b[t][f];
      }
    }
    return y;
  }
}
