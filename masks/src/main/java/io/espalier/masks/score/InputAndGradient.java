package io.espalier.masks.score;

import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;

/**
 * Weights by what reaches them and by gradients of single examples: {@code |w| · (‖x‖₂ + factor ·
 * G)}, with the root mean square of the weight's input. Without gradients it is that of {@link
 * WandaScore}.
 *
 * @param rooted whether {@code G} is the root of the statistic
 */
record InputAndGradient(
    StatisticRequest squares, StatisticRequest gradients, double factor, boolean rooted)
    implements Score {
  static InputAndGradient of(StatisticRequest gradients, double factor, boolean rooted) {
    return new InputAndGradient(
        StatisticRequest.of(InputStatistic.SQUARES, gradients.batches()),
        gradients,
        factor,
        rooted);
  }

  @Override
  public List<StatisticRequest> requests() {
    return List.of(squares, gradients);
  }

  @Override
  public void score(ScoredParameter of, float[] scores) {
    float[] terms = of.statistic(gradients);
    InputFeatures.visit(
        of,
        of.statistic(squares),
        (unit, square) -> {
          double gradient = rooted ? Math.sqrt(terms[unit]) : terms[unit];
          scores[unit] =
              (float) (Math.abs(of.weights()[unit]) * (Math.sqrt(square) + factor * gradient));
        });
  }
}
