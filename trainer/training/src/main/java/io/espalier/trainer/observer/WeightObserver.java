package io.espalier.trainer.observer;

import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.WeightStatistic;
import java.nio.FloatBuffer;

/** Means over batches of a term of each weight and its gradient. */
record WeightObserver(WeightStatistic statistic, Term term) implements StatisticObserverProvider {
  interface Term {
    float of(float weight, float gradient);
  }

  @Override
  public String name() {
    return statistic.observer();
  }

  @Override
  public boolean needsGradients() {
    return true;
  }

  @Override
  public StatisticObserver create(StatisticRequest request, ObservedLayer at) {
    return new MeanObserver(
        request,
        at,
        pass -> {
          FloatBuffer weight = pass.weight();
          FloatBuffer gradient = pass.gradient();
          return unit -> term.of(weight.get(unit), gradient.get(unit));
        });
  }
}
