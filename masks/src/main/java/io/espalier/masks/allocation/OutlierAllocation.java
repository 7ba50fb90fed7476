package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;

/**
 * More weights where more of them stand out: a parameter's importance is the share of its Wanda
 * scores that are above so many times their mean (OWL; Yin et al., "Outlier weighed layerwise
 * sparsity", 2024).
 */
final class OutlierAllocation implements AllocationProvider {
  private static final String THRESHOLD = "threshold";

  @Override
  public String name() {
    return "owl";
  }

  @Override
  public PluginKeys keys() {
    return WandaKeys.keys(0.08).number(THRESHOLD, 5);
  }

  @Override
  public void check(MemberSettings settings) {
    WandaKeys.check(settings);
    double threshold = settings.number(THRESHOLD);
    new Rules()
        .require(
            THRESHOLD, threshold, threshold > 0 && threshold <= 1000, "above 0 and at most 1000")
        .verify();
  }

  @Override
  public Allocation create(MemberSettings settings) {
    double threshold = settings.number(THRESHOLD);
    return WandaKeys.allocation(settings, scores -> outliers(scores, threshold), 0);
  }

  private static double outliers(float[] scores, double threshold) {
    double sum = 0;
    for (float score : scores) {
      sum += score;
    }
    double bound = threshold * sum / scores.length;
    int found = 0;
    for (float score : scores) {
      found += score > bound ? 1 : 0;
    }
    return (double) found / scores.length;
  }
}
