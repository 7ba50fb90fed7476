package io.espalier.masks.refit;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.RankingMember;
import io.espalier.configs.custom.RequiredStatistics;
import io.espalier.masks.statistic.StatisticRequest;

/** A refit that recipes name. */
public interface RefitProvider extends RankingMember {
  @Override
  default CustomFamily family() {
    return CustomFamily.REFIT;
  }

  Refit create(MemberSettings settings);

  /** The statistics that the refit requests. */
  @Override
  default RequiredStatistics readings(MemberSettings settings) {
    return StatisticRequest.readings(create(settings).requests());
  }
}
