package io.espalier.trainer.prepare;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.LearningRateConfig;
import io.espalier.configs.plugin.PluginCall;

@FunctionalInterface
public interface LearningRate {
  /** Returns the rate of the step after {@code step} completed ones. */
  @PluginCall("give the rate of step {0}")
  double at(long step);

  /** Creates the schedule of a run; refuses a warm-up longer than the run. */
  static LearningRate of(LearningRateConfig config, long totalSteps, long stepsPerEpoch) {
    long warmUp = config.warmUp().resolve(totalSteps, stepsPerEpoch);
    if (warmUp > totalSteps) {
      throw InvalidConfigException.of(
          "train.learning-rate.warm-up",
          "warm-up must not be longer than the run of %d steps: warm-up=%d steps"
              .formatted(totalSteps, warmUp));
    }
    if (config instanceof LearningRateConfig.Constant constant) {
      return step -> constant.initial() * risen(step, warmUp);
    }
    if (config instanceof LearningRateConfig.Step steps) {
      long every = Math.max(1, steps.every().resolve(totalSteps, stepsPerEpoch));
      return step -> steps(steps, step / every) * risen(step, warmUp);
    }
    if (config instanceof LearningRateConfig.Cosine cosine) {
      return step -> cosine(cosine, step, warmUp, totalSteps);
    }
    if (config instanceof LearningRateConfig.OneCycle cycle) {
      return step -> oneCycle(cycle, step, warmUp, totalSteps);
    }
    if (config instanceof LearningRateConfig.Custom own) {
      LearningRate rate = LearningRateChecks.created(own.settings(), totalSteps, stepsPerEpoch);
      return step -> rate.at(step) * risen(step, warmUp);
    }
    throw new IllegalArgumentException("no learning rate for this configuration: config=" + config);
  }

  private static double steps(LearningRateConfig.Step config, long drops) {
    return config.initial() * StrictMath.pow(config.factor(), (double) drops);
  }

  private static double cosine(
      LearningRateConfig.Cosine config, long step, long warmUp, long totalSteps) {
    return step < warmUp
        ? config.initial() * (step + 1) / warmUp
        : fromTo(config.initial(), config.last(), step - warmUp, totalSteps - warmUp);
  }

  private static double oneCycle(
      LearningRateConfig.OneCycle config, long step, long warmUp, long totalSteps) {
    double first = config.max() / config.div();
    long peak = Math.max(0, warmUp - 1);
    return step < peak
        ? fromTo(first, config.max(), step, peak)
        : fromTo(config.max(), first / config.finalDiv(), step - peak, totalSteps - 1 - peak);
  }

  private static double risen(long step, long warmUp) {
    return step < warmUp ? (double) (step + 1) / warmUp : 1;
  }

  private static double fromTo(double first, double last, long step, long steps) {
    double progress = (double) step / Math.max(1, steps);
    return last + (first - last) * (1 + StrictMath.cos(StrictMath.PI * progress)) / 2;
  }
}
