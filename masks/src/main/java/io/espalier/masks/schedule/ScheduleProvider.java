package io.espalier.masks.schedule;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.SchedulePlugin;

/** A schedule that recipes name. */
public interface ScheduleProvider extends SchedulePlugin {
  /** Makes a schedule that never falls and ends with exactly {@code clock.finalSparsity()}. */
  Schedule create(MemberSettings settings, ScheduleClock clock);
}
