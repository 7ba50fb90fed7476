package io.espalier.trainer.initial;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.RunConfig;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.masks.random.Seeds;
import io.espalier.masks.random.Seeds.Purpose;
import io.espalier.trainer.network.ParameterSpec;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The drawn values of a run: weights and biases by its initializer, shifts and means of norms 0,
 * scales and variances 1. Pure, with the same bits on every platform. Thread-safe.
 */
public record InitialDraw(Initializer initializer, long seed) {
  public static InitialDraw of(RunConfig config) {
    return of(config.model().initial(), config.seed());
  }

  public static InitialDraw of(MemberSettings initial, long seed) {
    return new InitialDraw(Initializers.of(initial), seed);
  }

  /** Whether a user's code draws, which may fail. */
  public boolean isCustom() {
    return PluginGuard.isAround(initializer);
  }

  /** Row-major values; each {@code parameterIndex} draws from an independent stream. */
  public float[] values(ParameterSpec spec, int parameterIndex) {
    float[] values = new float[spec.shape().size()];
    SplittableRandom random = Seeds.stream(Purpose.INITIAL_VALUES, seed, parameterIndex);
    switch (spec.role()) {
      case WEIGHT -> initializer.weight(spec, random, values);
      case BIAS -> initializer.bias(spec, random, values);
      case NORM_SCALE, RUNNING_VARIANCE -> Arrays.fill(values, 1f);
      case NORM_SHIFT, RUNNING_MEAN, AUXILIARY -> Arrays.fill(values, 0f);
    }
    return values;
  }
}
