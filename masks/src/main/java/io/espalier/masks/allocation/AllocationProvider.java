package io.espalier.masks.allocation;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.AllocationMember;

/** An allocation that recipes name; {@link Allocations#proportional} makes most of them. */
public interface AllocationProvider extends AllocationMember {
  Allocation create(MemberSettings settings);
}
