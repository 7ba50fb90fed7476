package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import java.util.List;

/**
 * The choice with the highest sum of scores: of channels within a budget of their cost, by an exact
 * multiple-choice knapsack (SMCP, Humble et al., 2022), or of so many weights within a share of the
 * multiply-accumulates.
 */
final class KnapsackAllocation implements AllocationProvider {
  private static final String CHUNK = "chunk";
  private static final String MACS = "macs";

  @Override
  public String name() {
    return "knapsack";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.whole(CHUNK, 1).share(MACS, 1);
  }

  @Override
  public void check(MemberSettings settings) {
    int chunk = settings.whole(CHUNK);
    double macs = settings.number(MACS);
    new Rules()
        .require(CHUNK, chunk, chunk >= 1 && chunk <= 65536, "from 1 to 65536")
        .require(MACS, macs, macs > 0 && macs <= 1, "above 0 and at most 1")
        .verify();
  }

  @Override
  public List<String> keysOfWeights() {
    return List.of(MACS);
  }

  @Override
  public List<String> keysOfChannels() {
    return List.of(CHUNK);
  }

  @Override
  public Allocation create(MemberSettings settings) {
    double macs = settings.number(MACS);
    return macs < 1 ? new KnapsackWeights(macs) : new KnapsackChannels(settings.whole(CHUNK));
  }
}
