package io.espalier.trainer.gauge;

import io.espalier.masks.statistic.Curvature;
import io.espalier.masks.statistic.HessianDiagonal;
import io.espalier.masks.statistic.Relevance;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.SynapticFlow;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Means over batches of what passes of a gauge's own give. */
record PassesGauge(String name, Function<StatisticRequest, WeightPasses> ofRequest)
    implements GaugeProvider {

  /** The Hessian times the gradient: three passes. */
  static PassesGauge curvature() {
    return new PassesGauge(
        Curvature.GAUGE,
        request -> {
          double temperature = ((Curvature) request.statistic()).temperature();
          return runner ->
              CurvatureStep.product(runner, temperature, runner.gradients(temperature, List.of()));
        });
  }

  static PassesGauge hessianDiagonal() {
    return new PassesGauge(
        HessianDiagonal.GAUGE, request -> new SignProbes((HessianDiagonal) request.statistic()));
  }

  static PassesGauge flow() {
    return new PassesGauge(SynapticFlow.GAUGE, request -> WeightPasses.Runner::flow);
  }

  static PassesGauge relevance() {
    return new PassesGauge(Relevance.GAUGE, request -> WeightPasses.Runner::relevance);
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
  public Optional<WeightPasses> passes(StatisticRequest request) {
    return Optional.of(ofRequest.apply(request));
  }

  @Override
  public Gauge create(StatisticRequest request, GaugedLayer at) {
    return new MeanGauge(request, at, pass -> pass.passed()::get);
  }
}
