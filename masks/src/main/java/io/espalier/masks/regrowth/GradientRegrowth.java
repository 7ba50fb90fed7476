package io.espalier.masks.regrowth;

import io.espalier.masks.score.Statistic;
import io.espalier.masks.score.StatisticRequest;
import java.util.Optional;

/**
 * Units return where the loss falls fastest, by the magnitude of their dense gradient ("Rigging the
 * lottery: making all tickets winners", Evci et al., 2020).
 */
record GradientRegrowth(int batches) implements Regrowth {
  @Override
  public Optional<StatisticRequest> demand() {
    return Optional.of(
        new StatisticRequest(Statistic.GRADIENT, batches, StatisticRequest.Units.ALL));
  }

  @Override
  public void score(int parameterIndex, long step, float[] evidence, float[] scores) {
    for (int unit = 0; unit < scores.length; unit++) {
      scores[unit] = Math.abs(evidence[unit]);
    }
  }
}
