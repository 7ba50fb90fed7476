package io.espalier.trainer.gauge;

import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.WeightStatistic;
import java.nio.FloatBuffer;

/** Means over batches of a term of each weight and its gradient. */
record WeightGauge(WeightStatistic statistic, Term term) implements GaugeProvider {
  interface Term {
    float of(float weight, float gradient);
  }

  @Override
  public String name() {
    return statistic.gauge();
  }

  @Override
  public boolean needsGradients() {
    return true;
  }

  @Override
  public boolean needsInputs() {
    return false;
  }

  @Override
  public Gauge create(StatisticRequest request, GaugedLayer at) {
    return new MeanGauge(
        request,
        at,
        pass -> {
          FloatBuffer weight = pass.weight();
          FloatBuffer gradient = pass.gradient();
          return unit -> term.of(weight.get(unit), gradient.get(unit));
        });
  }
}
