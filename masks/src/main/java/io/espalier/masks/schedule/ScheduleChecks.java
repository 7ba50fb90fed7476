package io.espalier.masks.schedule;

import io.espalier.configs.plugin.PluginGuard;

/** Checks a user's schedule at every step of the run before the run starts. */
final class ScheduleChecks {
  private final PluginGuard guard;
  private final Schedule schedule;
  private final ScheduleClock clock;

  private ScheduleChecks(PluginGuard guard, Schedule schedule, ScheduleClock clock) {
    this.guard = guard;
    this.schedule = schedule;
    this.clock = clock;
  }

  /** Returns the schedule itself, once its plan keeps the rules. */
  static Schedule checked(PluginGuard guard, Schedule schedule, ScheduleClock clock) {
    return guard.prepare(
        "plan the run", () -> new ScheduleChecks(guard, schedule, clock).checked());
  }

  private Schedule checked() {
    requireSparsities();
    long[] steps = schedule.updateSteps().limit(clock.totalSteps() + 2).toArray();
    require(steps.length > 0, "have an update: updates=0");
    long before = -1;
    for (long step : steps) {
      require(
          step > before && step <= clock.totalSteps(),
          "have updates that ascend, none after the end: step=%d, before=%d, steps of the run=%d"
              .formatted(step, before, clock.totalSteps()));
      before = step;
    }
    require(
        schedule.sparsityAt(before) == clock.finalSparsity(),
        "reach the final sparsity at its last update: step=%d, sparsity=%s, final=%s"
            .formatted(before, schedule.sparsityAt(before), clock.finalSparsity()));
    return schedule;
  }

  private void requireSparsities() {
    long begin = schedule.begin();
    long end = schedule.end();
    require(
        begin >= 0 && begin <= end && end <= clock.totalSteps(),
        "begin and end within the run: begin=%d, end=%d, steps of the run=%d"
            .formatted(begin, end, clock.totalSteps()));
    double before = 0;
    for (long step = 0; step <= clock.totalSteps(); step++) {
      double sparsity = schedule.sparsityAt(step);
      require(
          sparsity >= before && sparsity <= clock.finalSparsity(),
          "never let the sparsity fall, nor exceed the final one: step=%d, sparsity=%s, before=%s, final=%s"
              .formatted(step, sparsity, before, clock.finalSparsity()));
      require(
          step >= begin || sparsity == 0,
          "prune nothing before its begin: step=%d, begin=%d, sparsity=%s"
              .formatted(step, begin, sparsity));
      require(
          step < end || sparsity == clock.finalSparsity(),
          "hold the final sparsity from its end on: step=%d, end=%d, sparsity=%s, final=%s"
              .formatted(step, end, sparsity, clock.finalSparsity()));
      before = sparsity;
    }
  }

  private void require(boolean holds, String rule) {
    if (!holds) {
      throw guard.broken(rule);
    }
  }
}
