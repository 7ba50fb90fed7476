package io.espalier.masks.allocation;

import io.espalier.configs.CustomSettings;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMember;

/** An allocation that the user brings; {@link Allocations#proportional} makes most of them. */
public interface AllocationProvider extends CustomMember {
  @Override
  default CustomFamily family() {
    return CustomFamily.ALLOCATION;
  }

  /**
   * Makes the allocation of a run.
   *
   * @param settings a value for each declared key
   */
  Allocation create(CustomSettings settings);
}
