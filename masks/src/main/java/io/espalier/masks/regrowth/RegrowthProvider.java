package io.espalier.masks.regrowth;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.Span;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.RankingPlugin;
import io.espalier.configs.plugin.RequiredStatistics;
import io.espalier.masks.statistic.StatisticRequest;

/** A regrowth rule that recipes name; its keys begin with those of {@link #exchangeKeys}. */
public interface RegrowthProvider extends RankingPlugin {
  @Override
  default PluginKind kind() {
    return PluginKind.REGROWTH;
  }

  /** Makes the rule of a run; all its draws must follow from {@code seed}. */
  Regrowth create(MemberSettings settings, long seed);

  /** What the rule requests. */
  @Override
  default RequiredStatistics readings(MemberSettings settings) {
    return StatisticRequest.readings(create(settings, 0).requests());
  }

  /**
   * Returns the keys that all rules have: the span between exchanges, the step from which on there
   * are none, and the share of each parameter's kept units that is exchanged.
   */
  static PluginKeys exchangeKeys(Span every) {
    return PluginKeys.NONE
        .span("every", every)
        .span("end", new Span.Percent(75))
        .share("fraction", 0.3);
  }

  static Rules exchangeRules(MemberSettings settings) {
    double fraction = settings.number("fraction");
    return new Rules()
        .require("every", settings.span("every"), !settings.span("every").isZero(), "longer than 0")
        .require("fraction", fraction, fraction > 0 && fraction < 1, "above 0 and below 1");
  }
}
