package io.espalier.masks.refit;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.AddendProducts;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Linear layers whose outputs are added to each other, behind a norm's factor each. */
final class SampleSum implements EditableState {
  private final int outputs;

  /** By layer, row and feature. */
  private final List<double[][]> inputs;

  private final List<float[]> weights;
  private final List<Optional<float[]>> biases;
  private final List<double[]> factors;
  private final boolean areAdded;

  private SampleSum(
      int outputs,
      List<double[][]> inputs,
      List<float[]> weights,
      List<Optional<float[]>> biases,
      List<double[]> factors,
      boolean areAdded) {
    this.outputs = outputs;
    this.inputs = inputs;
    this.weights = weights;
    this.biases = biases;
    this.factors = factors;
    this.areAdded = areAdded;
  }

  /** One output, without biases; a layer for each array of weights. */
  static SampleSum of(List<double[][]> inputs, float[]... weights) {
    return new SampleSum(
        1,
        inputs,
        List.of(weights),
        Stream.of(weights).map(each -> Optional.<float[]>empty()).toList(),
        Stream.of(weights).map(each -> new double[] {1}).toList(),
        true);
  }

  /** Layers whose inputs are mixtures of the same normal values, around a mean of 1. */
  static SampleSum drawn(int rows, int outputs, List<Integer> features, boolean bias, int seed) {
    Random random = new Random(seed);
    double[][] causes = new double[rows][8];
    for (double[] row : causes) {
      IntStream.range(0, row.length).forEach(i -> row[i] = random.nextGaussian());
    }
    List<double[][]> inputs = new ArrayList<>();
    List<float[]> weights = new ArrayList<>();
    List<Optional<float[]>> biases = new ArrayList<>();
    List<double[]> factors = new ArrayList<>();
    for (int count : features) {
      double[][] mixed = new double[rows][count];
      for (int i = 0; i < count; i++) {
        double[] shares = random.doubles(8, -1, 1).toArray();
        for (int row = 0; row < rows; row++) {
          double sum = 1 + .3 * random.nextGaussian();
          for (int cause = 0; cause < 8; cause++) {
            sum += shares[cause] * causes[row][cause];
          }
          mixed[row][i] = (float) sum;
        }
      }
      inputs.add(mixed);
      weights.add(values(random, outputs * count));
      biases.add(bias ? Optional.of(values(random, outputs)) : Optional.empty());
      factors.add(random.doubles(outputs, .5, 2).toArray());
    }
    return new SampleSum(outputs, inputs, weights, biases, factors, true);
  }

  private static float[] values(Random random, int size) {
    float[] values = new float[size];
    IntStream.range(0, size).forEach(i -> values[i] = (float) random.nextGaussian());
    return values;
  }

  SampleSum copy() {
    return with(factors, areAdded);
  }

  SampleSum withFactors(double[]... others) {
    return with(List.of(others), areAdded);
  }

  /** The same layers, none of which knows of another. */
  SampleSum apart() {
    return with(factors, false);
  }

  private SampleSum with(List<double[]> others, boolean added) {
    return new SampleSum(
        outputs,
        inputs,
        weights.stream().map(float[]::clone).toList(),
        biases.stream().map(each -> each.map(float[]::clone)).toList(),
        others,
        added);
  }

  int layers() {
    return weights.size();
  }

  int outputs() {
    return outputs;
  }

  int features(int layer) {
    return inputs.get(layer)[0].length;
  }

  float[] weights(int layer) {
    return weights.get(layer);
  }

  Optional<float[]> bias(int layer) {
    return biases.get(layer);
  }

  double[][] inputs(int layer) {
    return inputs.get(layer);
  }

  double factor(int layer, int output) {
    return factors.get(layer)[output];
  }

  /** What one output of a layer gives to the sum, by row. */
  double[] gives(int layer, int output, Mask kept) {
    double[][] rows = inputs.get(layer);
    double[] given = new double[rows.length];
    for (int row = 0; row < rows.length; row++) {
      double value = biases.get(layer).map(each -> (double) each[output]).orElse(0.0);
      for (int i = 0; i < features(layer); i++) {
        int unit = output * features(layer) + i;
        value += kept.isKept(unit) ? weights.get(layer)[unit] * rows[row][i] : 0;
      }
      given[row] = factor(layer, output) * value;
    }
    return given;
  }

  /** Mean square of what the sum of the first layers differs by from the dense one. */
  double error(SampleSum dense, List<Mask> kept, int layers) {
    double squares = 0;
    int rows = inputs.get(0).length;
    for (int output = 0; output < outputs; output++) {
      double[] difference = new double[rows];
      for (int layer = 0; layer < layers; layer++) {
        double[] found = gives(layer, output, kept.get(layer));
        double[] expected =
            dense.gives(layer, output, Mask.allKept(dense.weights.get(layer).length));
        for (int row = 0; row < rows; row++) {
          difference[row] += found[row] - expected[row];
        }
      }
      for (double each : difference) {
        squares += each * each / rows / outputs;
      }
    }
    return squares;
  }

  void refit(List<Mask> kept, String name, double ridge) {
    MemberSettings settings =
        new MemberSettings(name, Map.of("inputs", "dense", "batches", 1, "ridge", ridge));
    Refit refit = Refits.of(SampleLayer.prune(settings)).orElseThrow();
    List<ParameterShape> shapes = new ArrayList<>();
    for (int layer = 0; layer < layers(); layer++) {
      shapes.add(new ParameterShape(weight(layer), List.of(outputs, features(layer))));
    }
    List<ParameterId> ids = shapes.stream().map(ParameterShape::id).toList();
    MaskSet masks = MaskSet.of(new MaskVersion(1), Layout.dense(shapes), ids, kept);
    refit.refit(this, masks, statistics());
  }

  private Statistics statistics() {
    List<float[]> products = new ArrayList<>();
    List<float[]> means = new ArrayList<>();
    List<List<float[]>> ofAddends = new ArrayList<>();
    for (int layer = 0; layer < layers(); layer++) {
      double[][] rows = inputs.get(layer);
      double[][] ones = new double[rows.length][1];
      IntStream.range(0, ones.length).forEach(row -> ones[row][0] = 1);
      products.add(products(rows, rows));
      means.add(products(rows, ones));
      ofAddends.add(
          inputs.subList(0, areAdded ? layer : 0).stream()
              .map(earlier -> products(rows, earlier))
              .toList());
    }
    return Statistics.none()
        .withArrays(StatisticRequest.of(InputStatistic.PRODUCTS, 1), products)
        .withArrays(StatisticRequest.of(InputStatistic.MEANS, 1), means)
        .with(StatisticRequest.of(AddendProducts.OF_INPUTS, 1), ofAddends);
  }

  private static float[] products(double[][] left, double[][] right) {
    float[] means = new float[left[0].length * right[0].length];
    for (int i = 0; i < left[0].length; i++) {
      for (int j = 0; j < right[0].length; j++) {
        double sum = 0;
        for (int row = 0; row < left.length; row++) {
          sum += left[row][i] * right[row][j];
        }
        means[i * right[0].length + j] = (float) (sum / left.length);
      }
    }
    return means;
  }

  private static ParameterId weight(int layer) {
    return new ParameterId("fc" + layer + ".weight");
  }

  private static int layer(ParameterId id) {
    return Integer.parseInt(id.name().replaceAll("\\D", ""));
  }

  @Override
  public float[] values(ParameterId id) {
    return id.name().endsWith("bias")
        ? biases.get(layer(id)).orElseThrow()
        : weights.get(layer(id));
  }

  @Override
  public Optional<ParameterId> bias(ParameterId weight) {
    return biases.get(layer(weight)).map(each -> new ParameterId("fc" + layer(weight) + ".bias"));
  }

  @Override
  public List<ParameterId> addends(ParameterId weight) {
    return IntStream.range(0, areAdded ? layer(weight) : 0).mapToObj(SampleSum::weight).toList();
  }

  @Override
  public double[] factors(ParameterId addend) {
    return factors.get(layer(addend));
  }

  @Override
  public boolean isFrozen(ParameterId id) {
    return false;
  }
}
