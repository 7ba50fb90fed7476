package io.espalier.trainer.observer;

import io.espalier.masks.statistic.Curvature;
import io.espalier.masks.statistic.HessianDiagonal;
import io.espalier.masks.statistic.Relevance;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.SynapticFlow;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Means over batches of what passes of an observer's own give. */
record PassesObserver(String name, Function<StatisticRequest, WeightPasses> ofRequest)
    implements StatisticObserverProvider {

  /** The Hessian times the gradient: three passes. */
  static PassesObserver curvature() {
    return new PassesObserver(
        Curvature.OBSERVER,
        request -> {
          double temperature = ((Curvature) request.statistic()).temperature();
          return runner ->
              CurvatureStep.product(runner, temperature, runner.gradients(temperature, List.of()));
        });
  }

  static PassesObserver hessianDiagonal() {
    return new PassesObserver(
        HessianDiagonal.OBSERVER, request -> new SignProbes((HessianDiagonal) request.statistic()));
  }

  static PassesObserver flow() {
    return new PassesObserver(SynapticFlow.OBSERVER, request -> WeightPasses.Runner::flow);
  }

  static PassesObserver relevance() {
    return new PassesObserver(Relevance.OBSERVER, request -> WeightPasses.Runner::relevance);
  }

  @Override
  public boolean needsGradients() {
    return true;
  }

  @Override
  public Optional<WeightPasses> passes(StatisticRequest request) {
    return Optional.of(ofRequest.apply(request));
  }

  @Override
  public StatisticObserver create(StatisticRequest request, ObservedLayer at) {
    return new MeanObserver(request, at, pass -> pass.passed()::get);
  }
}
