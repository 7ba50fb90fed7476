package io.espalier.masks.refit;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RankingConfig;
import io.espalier.configs.TargetConfig;
import io.espalier.masks.Kinds;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.Recipes;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A linear layer, or the groups of a convolution, and the inputs that it was measured on. */
final class SampleLayer implements EditableState {
  static final ParameterId WEIGHT = new ParameterId("fc.weight");
  static final ParameterId BIAS = new ParameterId("fc.bias");

  /** By group, row and feature. */
  private final double[][][] inputs;

  private final int outputs;
  private final float[] weights;
  private final Optional<float[]> bias;
  private final Set<ParameterId> frozen;

  SampleLayer(
      double[][][] inputs,
      int outputs,
      float[] weights,
      Optional<float[]> bias,
      Set<ParameterId> frozen) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.weights = weights;
    this.bias = bias;
    this.frozen = frozen;
  }

  /** Without bias, and with one output for each row of weights. */
  static SampleLayer of(double[][] inputs, float... weights) {
    return new SampleLayer(
        new double[][][] {inputs},
        weights.length / inputs[0].length,
        weights,
        Optional.empty(),
        Set.of());
  }

  /** Normal inputs of unequal size whose neighbours go together, around a mean of 1. */
  static SampleLayer drawn(
      int groups, int rows, int features, int outputs, boolean bias, int seed) {
    Random random = new Random(seed);
    double[][][] inputs = new double[groups][rows][features];
    for (double[][] group : inputs) {
      for (double[] row : group) {
        double before = 0;
        for (int i = 0; i < features; i++) {
          before = .6 * before + random.nextGaussian();
          row[i] = (float) (before * (1 + i % 3) + 1);
        }
      }
    }
    return new SampleLayer(
        inputs,
        outputs,
        Networks.weights(List.of(Networks.shape("w", outputs, features)), seed).get(0),
        bias
            ? Optional.of(Networks.weights(List.of(Networks.shape("b", outputs)), seed + 1).get(0))
            : Optional.empty(),
        Set.of());
  }

  SampleLayer frozen(ParameterId id) {
    return new SampleLayer(inputs, outputs, weights, bias, Set.of(id));
  }

  SampleLayer copy() {
    return new SampleLayer(inputs, outputs, weights.clone(), bias.map(float[]::clone), frozen);
  }

  double[][] inputsOf(int output) {
    return inputs[output / (outputs / inputs.length)];
  }

  int features() {
    return inputs[0][0].length;
  }

  int outputs() {
    return outputs;
  }

  float[] weights() {
    return weights;
  }

  Optional<float[]> biases() {
    return bias;
  }

  /** One output of each row of its inputs, under a mask. */
  double[] outputs(int output, Mask kept) {
    double[][] rows = inputsOf(output);
    double[] values = new double[rows.length];
    for (int row = 0; row < rows.length; row++) {
      values[row] = bias.map(each -> (double) each[output]).orElse(0.0);
      for (int i = 0; i < features(); i++) {
        int unit = output * features() + i;
        values[row] += kept.isKept(unit) ? weights[unit] * rows[row][i] : 0;
      }
    }
    return values;
  }

  /** Mean square of the difference to the dense outputs of another layer. */
  double error(SampleLayer dense, Mask kept) {
    double sum = 0;
    long count = 0;
    for (int output = 0; output < outputs; output++) {
      double[] found = outputs(output, kept);
      double[] expected = dense.outputs(output, Mask.allKept(weights.length));
      for (int row = 0; row < found.length; row++) {
        sum += (found[row] - expected[row]) * (found[row] - expected[row]);
        count++;
      }
    }
    return sum / count;
  }

  void refit(Mask kept, double ridge) {
    refit(
        kept,
        new MemberSettings(
            "least-squares", Map.of("inputs", "dense", "batches", 1, "ridge", ridge)));
  }

  void refit(Mask kept, MemberSettings settings) {
    refit(this, kept, settings);
  }

  /** Refits a state that has this layer. */
  void refit(EditableState state, Mask kept, MemberSettings settings) {
    Refit refit = Refits.of(prune(settings)).orElseThrow();
    List<ParameterShape> shapes = new ArrayList<>();
    shapes.add(new ParameterShape(WEIGHT, List.of(outputs, features())));
    bias.ifPresent(each -> shapes.add(new ParameterShape(BIAS, List.of(outputs))));
    MaskSet masks =
        MaskSet.of(new MaskVersion(1), Layout.dense(shapes), List.of(WEIGHT), List.of(kept));
    refit.refit(state, masks, statistics());
  }

  static PruneConfig prune(MemberSettings refit) {
    return new PruneConfig(
        new TargetConfig(.5, 0, List.of()),
        GranularityConfig.WEIGHT,
        new RankingConfig(
            MemberSettings.of("magnitude"), Recipes.GLOBAL, MemberSettings.of("free")),
        MemberSettings.of("constant"),
        Kinds.HARD,
        MemberSettings.of("none"),
        refit);
  }

  private Statistics statistics() {
    int n = features();
    float[] means = new float[inputs.length * n];
    float[] products = new float[inputs.length * n * n];
    for (int g = 0; g < inputs.length; g++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          double sum = 0;
          for (double[] row : inputs[g]) {
            sum += row[i] * row[j];
          }
          products[(g * n + i) * n + j] = (float) (sum / inputs[g].length);
        }
        double sum = 0;
        for (double[] row : inputs[g]) {
          sum += row[i];
        }
        means[g * n + i] = (float) (sum / inputs[g].length);
      }
    }
    return Statistics.none()
        .withArrays(StatisticRequest.of(InputStatistic.PRODUCTS, 1), List.of(products))
        .withArrays(StatisticRequest.of(InputStatistic.MEANS, 1), List.of(means));
  }

  @Override
  public float[] values(ParameterId id) {
    return id.equals(WEIGHT) ? weights : bias.orElseThrow();
  }

  @Override
  public Optional<ParameterId> bias(ParameterId weight) {
    return bias.map(each -> BIAS);
  }

  @Override
  public boolean isFrozen(ParameterId id) {
    return frozen.contains(id);
  }
}
