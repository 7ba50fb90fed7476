package io.espalier.masks.allocation;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.score.Score;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Densities by what the scores of a parameter's weights are like, of those that may be kept.
 *
 * @param metric 0 or more for each weight
 * @param importance of a parameter by the scores of its candidates, at least one
 * @param spread how far densities may be from that of the budget, before they are moved together
 * @param leastSparsity of each parameter, where that of the budget is no less
 */
record WandaAllocation(
    Score metric, ToDoubleFunction<float[]> importance, double spread, double leastSparsity)
    implements Allocation {
  @Override
  public List<StatisticRequest> requests() {
    return metric.requests();
  }

  @Override
  public Allocation at(List<ScoredParameter> parameters) {
    Map<ParameterId, Double> importances = new HashMap<>();
    for (ScoredParameter parameter : parameters) {
      if (parameter.candidates().kept() > 0) {
        importances.put(parameter.shape().id(), importance.applyAsDouble(ofCandidates(parameter)));
      }
    }
    return new LayerDensities(importances, 2 * spread, leastSparsity);
  }

  private float[] ofCandidates(ScoredParameter parameter) {
    float[] all = new float[parameter.weights().length];
    metric.score(parameter, all);
    Mask candidates = parameter.candidates();
    float[] some = new float[candidates.kept()];
    int found = 0;
    for (int unit = candidates.nextKept(0); unit >= 0; unit = candidates.nextKept(unit + 1)) {
      some[found++] = all[unit];
    }
    return some;
  }

  @Override
  public List<Integer> counts(Budget budget, Ranking ranking) {
    throw new IllegalStateException("an allocation by statistics must be that of an update");
  }
}
