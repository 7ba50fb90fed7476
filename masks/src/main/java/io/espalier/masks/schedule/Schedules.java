package io.espalier.masks.schedule;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ScheduleConfig;
import io.espalier.masks.Registry;
import java.util.function.Function;

/** The registry of schedules. */
final class Schedules {
  private static final Registry<ScheduleConfig, Function<ScheduleClock, Schedule>> REGISTRY =
      new Registry<ScheduleConfig, Function<ScheduleClock, Schedule>>()
          .with(
              ScheduleConfig.Constant.class,
              config -> clock -> new OneShotSchedule(0, clock.finalSparsity()))
          .with(ScheduleConfig.OneShot.class, config -> clock -> clock.oneShot(config.begin()))
          .with(
              ScheduleConfig.Cubic.class,
              config -> clock -> clock.gradual(config.window(), Curve.polynomial(3)))
          .with(
              ScheduleConfig.Polynomial.class,
              config -> clock -> clock.gradual(config.window(), Curve.polynomial(config.power())))
          .with(
              ScheduleConfig.Cosine.class,
              config -> clock -> clock.gradual(config.window(), Curve::cosine))
          .with(ScheduleConfig.Geometric.class, config -> clock -> clock.geometric(config.window()))
          .with(
              ScheduleConfig.Custom.class,
              config -> clock -> CustomSchedule.of(config.settings(), clock));

  private Schedules() {}

  /**
   * The schedule that a recipe asks for.
   *
   * @throws InvalidConfigException if it does not fit the run or its sparsities, or is the user's
   *     and fails
   */
  public static Schedule of(
      ScheduleConfig config, double finalSparsity, long totalSteps, long stepsPerEpoch) {
    return REGISTRY
        .create(config)
        .apply(new ScheduleClock(finalSparsity, totalSteps, stepsPerEpoch));
  }
}
