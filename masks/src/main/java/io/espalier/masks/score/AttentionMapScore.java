package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.statistic.InputPowers;
import io.espalier.masks.statistic.StatisticRequest;
import java.util.function.UnaryOperator;

/**
 * How active what a weight reads is: mean over examples and places of {@code |a|^power} (Zhao, Jain
 * and Zhao, "Adaptive activation-based structured pruning", 2022).
 */
final class AttentionMapScore implements ScoreProvider {
  private static final String POWER = "power";

  @Override
  public String name() {
    return "attention-maps";
  }

  @Override
  public PluginKeys keys() {
    return DataBatches.keys(4).whole(POWER, 2);
  }

  @Override
  public void check(MemberSettings settings) {
    DataBatches.check(settings);
    int power = settings.whole(POWER);
    new Rules().require(POWER, power, power == 1 || power == 2 || power == 4, "1, 2 or 4").verify();
  }

  @Override
  public Score create(MemberSettings settings, long seed) {
    return new InputValueScore(
        StatisticRequest.of(new InputPowers(settings.whole(POWER)), DataBatches.of(settings)),
        UnaryOperator.identity());
  }
}
