package io.espalier.masks.refit;

import io.espalier.configs.MemberSettings;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.InputStatistic;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.List;
import java.util.Set;

/**
 * Adds to each bias what pruned weights give on average, {@code b += Σ w · mean(x)}, so that the
 * mean output over the measured inputs stays (Berisha et al., "Variance-based pruning", 2025; the
 * bias of An et al., "Fluctuation-based adaptive structured pruning", 2024). Layers without a bias
 * stay as they are.
 */
record MeanFolding(StatisticRequest means, boolean readsPrunedInputs) implements Refit {
  static MeanFolding of(MemberSettings settings) {
    return new MeanFolding(
        StatisticRequest.of(InputStatistic.MEANS, RefitBatches.of(settings)),
        RefitInputs.arePruned(settings));
  }

  @Override
  public List<StatisticRequest> requests() {
    return List.of(means);
  }

  @Override
  public Set<Part> changes() {
    return Set.of(Part.BIAS);
  }

  @Override
  public void refit(EditableState values, MaskSet kept, Statistics statistics) {
    for (int p = 0; p < kept.parameters().size(); p++) {
      ParameterId id = kept.parameters().get(p);
      ParameterShape shape = kept.layout().shape(id).orElseThrow();
      Mask mask = kept.masks().get(p);
      float[] mean = statistics.of(means, p).get(0);
      values
          .bias(id)
          .filter(bias -> !values.isFrozen(bias))
          .ifPresent(bias -> fold(shape, values.values(id), mask, mean, values.values(bias)));
    }
  }

  private static void fold(
      ParameterShape shape, float[] weights, Mask kept, float[] means, float[] bias) {
    int features = InputStatistic.features(shape);
    int outputsPerGroup = bias.length / (means.length / features);
    for (int output = 0; output < bias.length; output++) {
      int group = output / outputsPerGroup * features;
      double lost = 0;
      for (int i = 0; i < features; i++) {
        int unit = output * features + i;
        lost += kept.isKept(unit) ? 0 : (double) weights[unit] * means[group + i];
      }
      bias[output] = (float) (bias[output] + lost);
    }
  }
}
