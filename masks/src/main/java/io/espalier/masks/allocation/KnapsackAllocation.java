package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.custom.CustomKeys;

/**
 * The choice of channels with the highest sum of scores that a budget allows, by an exact
 * multiple-choice knapsack (SMCP, Humble et al., 2022).
 */
final class KnapsackAllocation implements AllocationProvider {
  @Override
  public String name() {
    return "knapsack";
  }

  @Override
  public CustomKeys keys() {
    return CustomKeys.NONE.whole("chunk", 1);
  }

  @Override
  public void check(MemberSettings settings) {
    int chunk = settings.whole("chunk");
    new Rules().require("chunk", chunk, chunk >= 1 && chunk <= 65536, "from 1 to 65536").verify();
  }

  @Override
  public boolean sharesWeights() {
    return false;
  }

  @Override
  public Allocation create(MemberSettings settings) {
    return new KnapsackChannels(settings.whole("chunk"));
  }
}
