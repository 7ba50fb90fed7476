package io.espalier.trainer.optimizer;

import io.espalier.configs.train.LearningRateConfig;

/** Learning rate of each step; pure. */
@FunctionalInterface
public interface LearningRate {
  /** The rate of the step after {@code step} completed ones. */
  double at(long step);

  /** The rate that {@code config} describes in a run of {@code totalSteps} steps. */
  static LearningRate of(LearningRateConfig config, long totalSteps, long stepsPerEpoch) {
    if (config instanceof LearningRateConfig.Step steps) {
      long every = Math.max(1, steps.every().resolve(totalSteps, stepsPerEpoch));
      return step -> {
        long drops = step / every;
        return steps.initial() * StrictMath.pow(steps.factor(), (double) drops);
      };
    }
    if (config instanceof LearningRateConfig.Cosine cosine) {
      long warmUp = cosine.warmUp().resolve(totalSteps, stepsPerEpoch);
      return step -> cosine(cosine, step, warmUp, totalSteps);
    }
    return step -> config.initial();
  }

  private static double cosine(
      LearningRateConfig.Cosine config, long step, long warmUp, long totalSteps) {
    if (step < warmUp) {
      return config.initial() * (step + 1) / warmUp;
    }
    double progress = (double) (step - warmUp) / Math.max(1, totalSteps - warmUp);
    return config.last()
        + (config.initial() - config.last()) * (1 + StrictMath.cos(StrictMath.PI * progress)) / 2;
  }
}
