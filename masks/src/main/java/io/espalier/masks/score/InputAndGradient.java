package io.espalier.masks.score;

import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Weights by what reaches them and by gradients of single examples: {@code |w| · (‖x‖₂ + factor ·
 * G)}, with the root mean square of the weight's input. Without gradients it is that of {@link
 * WandaScore}.
 *
 * @param factor of gradients; empty for the ratio of the means of {@code ‖x‖₂} and {@code G} over
 *     the layer's weights that have a gradient
 * @param rooted whether {@code G} is the root of the statistic
 */
record InputAndGradient(
    StatisticRequest squares, StatisticRequest gradients, OptionalDouble factor, boolean rooted)
    implements Score {
  static InputAndGradient of(StatisticRequest gradients, OptionalDouble factor, boolean rooted) {
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
    double scale = factor.isPresent() ? factor.getAsDouble() : balance(of, terms);
    InputFeatures.visit(
        of,
        of.statistic(squares),
        (unit, square) ->
            scores[unit] =
                (float)
                    (Math.abs(of.weights()[unit])
                        * (Math.sqrt(square) + scale * gradient(terms[unit]))));
  }

  private double gradient(float term) {
    return rooted ? Math.sqrt(term) : term;
  }

  private double balance(ScoredParameter of, float[] terms) {
    double[] sums = new double[2];
    InputFeatures.visit(
        of,
        of.statistic(squares),
        (unit, square) -> {
          if (terms[unit] > 0) {
            sums[0] += Math.sqrt(square);
            sums[1] += gradient(terms[unit]);
          }
        });
    return sums[1] > 0 ? sums[0] / sums[1] : 0;
  }
}
