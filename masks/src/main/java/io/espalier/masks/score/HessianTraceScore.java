package io.espalier.masks.score;

import io.espalier.masks.statistic.StatisticRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Outputs by the mean curvature of their weights times their squared length, {@code Tr(Hₚₚ)/n ·
 * ‖wₚ‖²} (Yu, Yao, Gholami, Dong, Kim, Mahoney and Keutzer, "Hessian-aware pruning and optimal
 * neural implant", 2022). A weight scores by its own square, so that the sum over an output is the
 * output's. Of a channel the weights that give it count.
 */
record HessianTraceScore(StatisticRequest diagonal) implements Score, ChannelTerms {
  @Override
  public List<StatisticRequest> requests() {
    return List.of(diagonal);
  }

  @Override
  public Optional<ChannelTerms> channels() {
    return Optional.of(this);
  }

  @Override
  public void score(ScoredParameter of, float[] scores) {
    int row = scores.length / of.shape().dimensions().get(0);
    for (int from = 0; from < scores.length; from += row) {
      double curvature = 0;
      for (int unit = from; unit < from + row; unit++) {
        curvature += of.statistic(diagonal)[unit];
      }
      for (int unit = from; unit < from + row; unit++) {
        float weight = of.weights()[unit];
        scores[unit] = (float) (curvature / row * weight * weight);
      }
    }
  }

  @Override
  public List<double[]> of(ScoredParameter weight, int axis, boolean weightsOnly) {
    double[] terms = new double[weight.shape().dimensions().get(axis)];
    if (axis == 0) {
      float[] scores = new float[weight.weights().length];
      score(weight, scores);
      int row = scores.length / terms.length;
      Arrays.setAll(
          terms,
          output -> {
            double sum = 0;
            for (int unit = output * row; unit < (output + 1) * row; unit++) {
              sum += scores[unit];
            }
            return sum;
          });
    }
    return List.of(terms);
  }

  /** Channels along which the loss curves downwards go first. */
  @Override
  public double value(double sum) {
    return Math.max(0, sum);
  }
}
