package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;

final class UniformAllocation implements AllocationProvider {
  @Override
  public String name() {
    return "uniform";
  }

  @Override
  public Allocation create(MemberSettings settings) {
    return new EqualShares();
  }
}
