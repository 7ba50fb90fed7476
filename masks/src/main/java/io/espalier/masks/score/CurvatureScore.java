package io.espalier.masks.score;

import io.espalier.masks.statistic.ExampleGradient;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;

/**
 * By how much the loss rises as a weight goes, to the second order and with no regard to others:
 * {@code ½ h w²} with a diagonal curvature {@code h}: of the Hessian (LeCun, Denker and Solla,
 * "Optimal brain damage", 1990), or of the Fisher information. Negative where the loss curves
 * downwards.
 */
record CurvatureScore(StatisticRequest curvature) implements Score {
  @Override
  public List<StatisticRequest> requests() {
    return List.of(curvature);
  }

  @Override
  public void score(ScoredParameter of, float[] scores) {
    float[] curvatures = of.statistic(curvature);
    for (int unit = 0; unit < scores.length; unit++) {
      float weight = of.weights()[unit];
      scores[unit] = .5f * curvatures[unit] * weight * weight;
    }
  }

  /**
   * The diagonal of the empirical Fisher information, mean over examples of the squares of their
   * own gradients (LeCun, Denker and Solla, "Optimal brain damage", 1990, with this curvature).
   */
  static Score fisher(int batches) {
    return new CurvatureScore(
        new StatisticRequest(
            ExampleGradient.MEAN_SQUARES, batches, StatisticRequest.Units.CANDIDATES));
  }
}
