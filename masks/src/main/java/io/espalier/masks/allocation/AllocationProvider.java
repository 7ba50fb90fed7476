package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.AllocationMember;
import io.espalier.configs.custom.RequiredStatistics;
import io.espalier.masks.statistic.StatisticRequest;

/** An allocation that recipes name; {@link Allocations#proportional} makes most of them. */
public interface AllocationProvider extends AllocationMember {
  Allocation create(MemberSettings settings);

  /** The statistics that the allocation requests. */
  @Override
  default RequiredStatistics readings(MemberSettings settings) {
    return StatisticRequest.readings(create(settings).requests());
  }
}
