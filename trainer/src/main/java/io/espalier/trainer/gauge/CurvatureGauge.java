package io.espalier.trainer.gauge;

import io.espalier.masks.statistic.Curvature;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.OptionalDouble;

/** Means over batches of the Hessian times the gradient. */
final class CurvatureGauge implements GaugeProvider {
  @Override
  public String name() {
    return Curvature.GAUGE;
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
  public OptionalDouble curvatureTemperature(StatisticRequest request) {
    return OptionalDouble.of(((Curvature) request.statistic()).temperature());
  }

  @Override
  public Gauge create(StatisticRequest request, GaugedLayer at) {
    return new MeanGauge(request, at, pass -> pass.curvature()::get);
  }
}
