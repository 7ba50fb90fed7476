package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.score.Scores;
import java.util.function.ToDoubleFunction;

/** The keys that allocations by Wanda scores have in common. */
final class WandaKeys {
  private static final String BATCHES = "batches";
  private static final String SPREAD = "spread";
  private static final String SCORE = "wanda";
  private static final int MOST = 65536;

  private WandaKeys() {}

  static PluginKeys keys(double spread) {
    return PluginKeys.NONE.whole(BATCHES, 4).number(SPREAD, spread);
  }

  static void check(MemberSettings settings) {
    int batches = settings.whole(BATCHES);
    double spread = settings.number(SPREAD);
    new Rules()
        .require(BATCHES, batches, batches >= 1 && batches <= MOST, "from 1 to " + MOST)
        .require(SPREAD, spread, spread >= 0 && spread <= 1, "from 0 to 1")
        .verify();
  }

  static Allocation allocation(
      MemberSettings settings, ToDoubleFunction<float[]> importance, double leastSparsity) {
    MemberSettings wanda = MemberSettings.of(SCORE).with(BATCHES, settings.whole(BATCHES));
    return new WandaAllocation(
        Scores.of(wanda, 0), importance, settings.number(SPREAD), leastSparsity);
  }
}
