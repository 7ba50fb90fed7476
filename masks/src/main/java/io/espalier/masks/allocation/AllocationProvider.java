package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.AllocationPlugin;
import io.espalier.configs.plugin.RequiredStatistics;
import io.espalier.masks.statistic.StatisticRequest;

/** An allocation that recipes name; {@link Allocations#proportional} makes most of them. */
public interface AllocationProvider extends AllocationPlugin {
  Allocation create(MemberSettings settings);

  /** The statistics that the allocation requests. */
  @Override
  default RequiredStatistics readings(MemberSettings settings) {
    return StatisticRequest.readings(create(settings).requests());
  }
}
