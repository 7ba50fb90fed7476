package io.espalier.trainer.prepare;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;

/** A user's learning rate; errors name it. */
record CustomLearningRate(PluginGuard code, LearningRate rate) implements LearningRate {
  /** Refuses a rate whose first value is none. */
  static LearningRate of(MemberSettings settings, long totalSteps, long stepsPerEpoch) {
    LearningRateProvider provider =
        PluginRegistry.require(PluginKind.LEARNING_RATE, settings, LearningRateProvider.class);
    PluginGuard code = PluginGuard.of(provider);
    LearningRate rate =
        code.prepare("be created", () -> provider.create(settings, totalSteps, stepsPerEpoch));
    CustomLearningRate checked = new CustomLearningRate(code, rate);
    double unused = code.prepare("give its first rate", () -> checked.at(0));
    return checked;
  }

  @Override
  public double at(long step) {
    return code.run("give the rate of step " + step, () -> checked(step, rate.at(step)));
  }

  private double checked(long step, double value) {
    if (!Double.isFinite(value) || value < 0) {
      throw code.broken("give a finite rate of 0 or more: step=%d, rate=%s".formatted(step, value));
    }
    return value;
  }
}
