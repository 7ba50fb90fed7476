package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMember;

/** An allocation that recipes name; {@link Allocations#proportional} makes most of them. */
public interface AllocationProvider extends CustomMember {
  @Override
  default CustomFamily family() {
    return CustomFamily.ALLOCATION;
  }

  Allocation create(MemberSettings settings);
}
