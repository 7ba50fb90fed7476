package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;
import java.util.Arrays;

/**
 * More weights where the median of the Wanda scores is smaller (DLP; Chen et al., "Dynamic
 * layerwise pruning in large language models", 2025). Every parameter loses a hundredth of its
 * weights at least, as far as the budget prunes as much; others keep more for it.
 */
final class MedianAllocation implements AllocationProvider {
  private static final double LEAST_SPARSITY = .01;

  @Override
  public String name() {
    return "dlp";
  }

  @Override
  public PluginKeys keys() {
    return WandaKeys.keys(0.15);
  }

  @Override
  public void check(MemberSettings settings) {
    WandaKeys.check(settings);
  }

  @Override
  public Allocation create(MemberSettings settings) {
    return WandaKeys.allocation(settings, scores -> -median(scores), LEAST_SPARSITY);
  }

  private static double median(float[] scores) {
    float[] sorted = scores.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + (double) sorted[sorted.length / 2]) / 2;
  }
}
