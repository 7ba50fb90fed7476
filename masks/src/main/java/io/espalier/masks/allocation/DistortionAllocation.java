package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.statistic.OutputDistortion;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.List;

/**
 * The amounts whose distortions of the network's outputs have the smallest sum, each measured with
 * one layer pruned alone (RD; Xu, Wang, Geng, Lin, Wu, Li and Lin, "Efficient joint optimization of
 * layer-adaptive weight pruning in deep neural networks", 2023).
 */
final class DistortionAllocation implements AllocationProvider {
  private static final String AMOUNTS = "amounts";
  private static final String BATCHES = "batches";
  private static final String CURVE = "curve";
  private static final List<String> CURVES = List.of("mean", "worst");
  private static final int MOST = 1000;

  @Override
  public String name() {
    return "rd";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.whole(BATCHES, 2).whole(AMOUNTS, 100).name(CURVE, "mean");
  }

  @Override
  public void check(MemberSettings settings) {
    Rules rules = new Rules();
    for (String key : new String[] {BATCHES, AMOUNTS}) {
      int value = settings.whole(key);
      rules.require(key, value, value >= 1 && value <= MOST, "from 1 to " + MOST);
    }
    String curve = settings.text(CURVE);
    rules.require(CURVE, curve, CURVES.contains(curve), "one of mean, worst", CURVES).verify();
  }

  @Override
  public boolean sharesChannels() {
    return false;
  }

  @Override
  public Allocation create(MemberSettings settings) {
    return new LeastDistortion(
        StatisticRequest.of(
            new OutputDistortion(settings.whole(AMOUNTS), settings.text(CURVE).equals("worst")),
            settings.whole(BATCHES)));
  }
}
