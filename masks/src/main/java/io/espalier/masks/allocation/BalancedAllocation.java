package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;

/**
 * As many weights in every parameter, as far as it has them ("Why random pruning is all we need to
 * start sparse", Gadhikar, Mukherjee and Burkholz, 2023).
 */
final class BalancedAllocation implements AllocationProvider {
  @Override
  public String name() {
    return "balanced";
  }

  @Override
  public boolean sharesChannels() {
    return false;
  }

  @Override
  public Allocation create(MemberSettings settings) {
    return new ProportionalAllocation(shape -> 1.0 / shape.size());
  }
}
