package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;

/** The same density for every parameter. */
final class UniformAllocation implements AllocationProvider {
  @Override
  public String name() {
    return "uniform";
  }

  @Override
  public Allocation create(MemberSettings settings) {
    return new ProportionalAllocation(shape -> 1);
  }
}
