package io.espalier.bench.cost;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.score.Scores;
import io.espalier.masks.statistic.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

final class ScoreArrays {
  private final SampleShapes network;
  private final List<float[]> weights;
  private final List<float[]> magnitudes = new ArrayList<>();
  private final List<float[]> tied;
  private final List<float[]> crowded;
  private final List<ScoredParameter> parameters;
  private final Score magnitude = Scores.of(MemberSettings.of("magnitude"), 1);

  private ScoreArrays(SampleShapes network) {
    this.network = network;
    this.weights = network.weights(1);
    this.parameters =
        ScoredParameter.all(
            network.shapes(), weights, network.dense().masks(), 1, Statistics.none());
    weights.forEach(values -> magnitudes.add(new float[values.length]));
    this.tied = drawn(random -> random.nextInt(4) == 0 ? 1 : 0.5);
    this.crowded = drawn(random -> 1 + 1e-5 * random.nextInt(9));
    score();
  }

  static ScoreArrays of(SampleShapes network) {
    return new ScoreArrays(network);
  }

  private List<float[]> drawn(ToDoubleFunction<SplittableRandom> draw) {
    SplittableRandom random = new SplittableRandom(4);
    List<float[]> arrays = new ArrayList<>();
    for (ParameterShape shape : network.shapes()) {
      float[] values = new float[shape.size()];
      for (int unit = 0; unit < values.length; unit++) {
        values[unit] = (float) draw.applyAsDouble(random);
      }
      arrays.add(values);
    }
    return arrays;
  }

  List<float[]> weights() {
    return weights;
  }

  List<float[]> magnitudes() {
    return magnitudes;
  }

  /** Two values, so that the threshold is one of millions. */
  List<float[]> tied() {
    return tied;
  }

  /** Nine values that share the upper half of their bits. */
  List<float[]> crowded() {
    return crowded;
  }

  long score() {
    for (int p = 0; p < parameters.size(); p++) {
      magnitude.score(parameters.get(p), magnitudes.get(p));
    }
    return Float.floatToRawIntBits(magnitudes.get(0)[0]);
  }

  /** The sum of all bits, by the plain loop. */
  long read() {
    long sum = 0;
    for (float[] values : magnitudes) {
      sum += sum(values);
    }
    return sum;
  }

  private static int sum(float[] values) {
    int sum = 0;
    for (float value : values) {
      sum += Float.floatToRawIntBits(value);
    }
    return sum;
  }

  /** The same, by a loop that does not wait for its own last addition. */
  long readFast() {
    long sum = 0;
    for (float[] values : magnitudes) {
      sum += fastSum(values);
    }
    return sum;
  }

  private static int fastSum(float[] values) {
    int a = 0;
    int b = 0;
    int c = 0;
    int d = 0;
    int unit = 0;
    for (; unit + 3 < values.length; unit += 4) {
      a += Float.floatToRawIntBits(values[unit]);
      b += Float.floatToRawIntBits(values[unit + 1]);
      c += Float.floatToRawIntBits(values[unit + 2]);
      d += Float.floatToRawIntBits(values[unit + 3]);
    }
    for (; unit < values.length; unit++) {
      a += Float.floatToRawIntBits(values[unit]);
    }
    return a + b + c + d;
  }
}
