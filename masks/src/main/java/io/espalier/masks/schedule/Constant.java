package io.espalier.masks.schedule;

import io.espalier.configs.MemberSettings;

final class Constant implements ScheduleProvider {
  @Override
  public String name() {
    return "constant";
  }

  @Override
  public Schedule create(MemberSettings settings, ScheduleClock clock) {
    return new OneShotSchedule(0, clock.finalSparsity());
  }
}
