package io.espalier.trainer.prepare;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;

/** Checks the rates of a user's schedule. */
record LearningRateChecks(PluginGuard guard, LearningRate rate) implements LearningRate {
  /** Refuses a schedule whose first rate is none. */
  static LearningRate created(MemberSettings settings, long totalSteps, long stepsPerEpoch) {
    LearningRateProvider provider =
        PluginRegistry.require(PluginKind.LEARNING_RATE, settings, LearningRateProvider.class);
    PluginGuard guard = PluginGuard.of(provider);
    LearningRate rate =
        guard.prepare("be created", () -> provider.create(settings, totalSteps, stepsPerEpoch));
    LearningRate checked =
        guard.around(LearningRate.class, rate, new LearningRateChecks(guard, rate));
    double unused = guard.prepare("give its first rate", () -> checked.at(0));
    return checked;
  }

  @Override
  public double at(long step) {
    double value = rate.at(step);
    if (!Double.isFinite(value) || value < 0) {
      throw guard.broken(
          "give a finite rate of 0 or more: step=%d, rate=%s".formatted(step, value));
    }
    return value;
  }
}
