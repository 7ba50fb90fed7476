package io.espalier.masks.refit;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.RankingPlugin;
import io.espalier.configs.plugin.RequiredStatistics;
import io.espalier.masks.statistic.StatisticRequest;

/** A refit that recipes name. */
public interface RefitProvider extends RankingPlugin {
  @Override
  default PluginKind kind() {
    return PluginKind.REFIT;
  }

  Refit create(MemberSettings settings);

  /** The statistics that the refit requests. */
  @Override
  default RequiredStatistics readings(MemberSettings settings) {
    return StatisticRequest.readings(create(settings).requests());
  }
}
