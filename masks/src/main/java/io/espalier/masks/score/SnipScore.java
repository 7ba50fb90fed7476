package io.espalier.masks.score;

import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.StatisticRequest.Units;
import io.espalier.masks.statistic.WeightStatistic;
import java.util.List;

/**
 * By how much the loss depends on a connection: {@code |w · ∂L/∂w|} of the mean gradient, usually
 * at the first step ("SNIP: single-shot network pruning based on connection sensitivity", Lee,
 * Ajanthan and Torr, 2019). The paper divides by the sum over all layers, which ranks the same.
 */
record SnipScore(StatisticRequest gradients) implements Score {
  SnipScore(int batches) {
    this(new StatisticRequest(WeightStatistic.GRADIENT, batches, Units.CANDIDATES));
  }

  @Override
  public List<StatisticRequest> requests() {
    return List.of(gradients);
  }

  @Override
  public void score(ScoredParameter of, float[] scores) {
    float[] gradient = of.statistic(gradients);
    for (int unit = 0; unit < scores.length; unit++) {
      scores[unit] = Math.abs(of.weights()[unit] * gradient[unit]);
    }
  }
}
