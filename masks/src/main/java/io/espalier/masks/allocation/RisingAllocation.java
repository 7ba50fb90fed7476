package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sparsities that rise with depth, by the logarithm: that of parameter or group {@code i} of {@code
 * n}, from 0, is {@code spread · log(1 + i) / log n} above that of the first, as errors of early
 * layers add up (SlimGPT; Ling, Wang and others, "SlimGPT: layer-wise structured pruning for large
 * language models", 2024).
 */
final class RisingAllocation implements AllocationProvider {
  private static final String SPREAD = "spread";

  @Override
  public String name() {
    return "rising";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.number(SPREAD, .2);
  }

  @Override
  public void check(MemberSettings settings) {
    double spread = settings.number(SPREAD);
    new Rules().require(SPREAD, spread, spread >= 0 && spread <= 1, "from 0 to 1").verify();
  }

  @Override
  public Allocation create(MemberSettings settings) {
    double spread = settings.number(SPREAD);
    return (budget, ranking) -> counts(budget, spread);
  }

  /** A parameter that can lose no unit does not count towards the depth. */
  private static List<Integer> counts(Budget budget, double spread) {
    int[] places =
        IntStream.range(0, budget.units().size())
            .filter(p -> budget.floors().get(p) < budget.caps().get(p))
            .toArray();
    double[] offsets = new double[budget.units().size()];
    for (int i = 0; i < places.length; i++) {
      double depth = Math.log(1 + i) / Math.log(Math.max(2, places.length));
      offsets[places[i]] = -spread * depth * budget.units().get(places[i]);
    }
    return ShiftedShares.counts(budget, offsets);
  }
}
