package io.espalier.masks.regrowth;

import io.espalier.masks.evidence.Demand;
import io.espalier.masks.evidence.Statistic;
import java.util.Optional;

/**
 * Units return where the loss falls fastest, by the magnitude of their dense gradient ("Rigging the
 * lottery: making all tickets winners", Evci et al., 2020).
 */
record GradientRegrowth(int batches) implements Regrowth {
  @Override
  public Optional<Demand> demand() {
    return Optional.of(new Demand(Statistic.GRADIENT, batches, Demand.Units.ALL));
  }

  @Override
  public void score(int parameterIndex, long step, float[] evidence, float[] scores) {
    for (int unit = 0; unit < scores.length; unit++) {
      scores[unit] = Math.abs(evidence[unit]);
    }
  }
}
