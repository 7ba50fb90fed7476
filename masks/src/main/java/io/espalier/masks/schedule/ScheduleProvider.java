package io.espalier.masks.schedule;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.ScheduleMember;

/** A schedule that recipes name. */
public interface ScheduleProvider extends ScheduleMember {
  /** Makes a schedule that never falls and ends with exactly {@code clock.finalSparsity()}. */
  Schedule create(MemberSettings settings, ScheduleClock clock);
}
