package io.espalier.masks.score;

import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.StatisticRequest.Units;
import io.espalier.masks.statistic.WeightStatistic;
import java.util.List;
import java.util.Optional;

/**
 * First-order estimate of what the loss gains by a unit: mean of {@code |w · ∂L/∂w|} over batches
 * ("Importance estimation for neural network pruning", Molchanov et al., 2019).
 */
record TaylorScore(int batches) implements Score {
  private StatisticRequest products() {
    return new StatisticRequest(WeightStatistic.TAYLOR, batches, Units.CANDIDATES);
  }

  @Override
  public List<StatisticRequest> requests() {
    return List.of(products());
  }

  @Override
  public Optional<Score> signed() {
    return Optional.of(new SignedTaylor(batches));
  }

  @Override
  public void score(ScoredParameter of, float[] scores) {
    System.arraycopy(of.statistic(products()), 0, scores, 0, scores.length);
  }

  /** By how much the loss rises as the weight goes, to the first order: {@code −w · ∂L/∂w}. */
  private record SignedTaylor(int batches) implements Score {
    private StatisticRequest gradients() {
      return new StatisticRequest(WeightStatistic.GRADIENT, batches, Units.CANDIDATES);
    }

    @Override
    public List<StatisticRequest> requests() {
      return List.of(gradients());
    }

    @Override
    public void score(ScoredParameter of, float[] scores) {
      float[] gradients = of.statistic(gradients());
      for (int unit = 0; unit < scores.length; unit++) {
        scores[unit] = -of.weights()[unit] * gradients[unit];
      }
    }
  }
}
