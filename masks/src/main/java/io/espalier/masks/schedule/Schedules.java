package io.espalier.masks.schedule;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.BuiltInPlugins;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import java.util.List;

/** The built-in schedules, and those of users by their name. */
public final class Schedules implements BuiltInPlugins {
  @Override
  public List<ScheduleProvider> list() {
    return List.of(
        new Constant(),
        new OneShot(),
        new Cubic(),
        new Polynomial(),
        new Cosine(),
        new Geometric(),
        new Exponential());
  }

  /**
   * The recipe's schedule.
   *
   * @throws InvalidConfigException if it does not fit the run or its sparsities, or is the user's
   *     and fails
   */
  static Schedule of(
      MemberSettings settings, double finalSparsity, long totalSteps, long stepsPerEpoch) {
    ScheduleClock clock = new ScheduleClock(finalSparsity, totalSteps, stepsPerEpoch);
    return PluginRegistry.create(
        PluginKind.SCHEDULE,
        settings,
        ScheduleProvider.class,
        provider -> provider.create(settings, clock),
        (guard, schedule) -> ScheduleChecks.checked(guard, schedule, clock));
  }
}
