package io.espalier.trainer.prepare;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginKind;

/**
 * A learning rate that recipes name. Beside its own keys it has {@code warm-up}, a span at the
 * start over which the rate rises linearly.
 */
public interface LearningRateProvider extends Plugin {
  @Override
  default PluginKind kind() {
    return PluginKind.LEARNING_RATE;
  }

  /**
   * Makes the rate of a run, a function of the step alone; spans of the settings are resolved by
   * these counts. In a federation a step is a round.
   */
  LearningRate create(MemberSettings settings, long totalSteps, long stepsPerEpoch);
}
