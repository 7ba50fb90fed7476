package io.espalier.masks.score;

import io.espalier.masks.ParameterId;
import java.util.Optional;

/**
 * First-order estimate of what the loss gains by a unit: mean of {@code |w · ∂L/∂w|} ("Importance
 * estimation for neural network pruning", Molchanov et al., 2019).
 */
record TaylorScore(int batches) implements Score {
  @Override
  public Optional<StatisticRequest> demand() {
    return Optional.of(
        new StatisticRequest(Statistic.TAYLOR, batches, StatisticRequest.Units.CANDIDATES));
  }

  @Override
  public void score(ParameterId id, int parameterIndex, float[] values, float[] scores) {
    System.arraycopy(values, 0, scores, 0, scores.length);
  }
}
