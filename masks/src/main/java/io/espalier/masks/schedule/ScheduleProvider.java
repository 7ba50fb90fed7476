package io.espalier.masks.schedule;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMember;

/** A schedule that recipes name. */
public interface ScheduleProvider extends CustomMember {
  @Override
  default CustomFamily family() {
    return CustomFamily.SCHEDULE;
  }

  /** Makes a schedule that never falls and ends with exactly {@code clock.finalSparsity()}. */
  Schedule create(MemberSettings settings, ScheduleClock clock);
}
