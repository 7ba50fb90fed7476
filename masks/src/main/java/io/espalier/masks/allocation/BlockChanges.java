package io.espalier.masks.allocation;

import io.espalier.masks.ParameterId;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.statistic.ResidualChange;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How far the blocks of weights turn their residual. */
final class BlockChanges {
  private BlockChanges() {}

  /** The change of each weight's block; of weights in no block there is none. */
  static Map<ParameterId, Double> of(List<ScoredParameter> parameters, StatisticRequest changes) {
    Map<ParameterId, Double> found = new HashMap<>();
    for (ScoredParameter parameter : parameters) {
      float change = parameter.statistic(changes)[0];
      if (change < ResidualChange.OUTSIDE) {
        found.put(parameter.shape().id(), (double) change);
      }
    }
    return found;
  }

  static double mean(Map<ParameterId, Double> values) {
    return values.values().stream().mapToDouble(each -> each).average().orElse(0);
  }
}
