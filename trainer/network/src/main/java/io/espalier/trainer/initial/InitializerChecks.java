package io.espalier.trainer.initial;

import io.espalier.configs.plugin.PluginGuard;
import io.espalier.trainer.network.ParameterSpec;
import java.util.SplittableRandom;

/** Checks that a user's initializer draws finite values. */
record InitializerChecks(PluginGuard guard, Initializer initializer) implements Initializer {
  static Initializer around(PluginGuard guard, Initializer initializer) {
    return guard.around(Initializer.class, initializer, new InitializerChecks(guard, initializer));
  }

  @Override
  public void weight(ParameterSpec weight, SplittableRandom random, float[] values) {
    initializer.weight(weight, random, values);
    requireFinite(weight, values);
  }

  @Override
  public void bias(ParameterSpec bias, SplittableRandom random, float[] values) {
    initializer.bias(bias, random, values);
    requireFinite(bias, values);
  }

  private void requireFinite(ParameterSpec parameter, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw guard.broken(
            "draw finite values: parameter=%s, index=%d, value=%s"
                .formatted(parameter.id().name(), i, values[i]));
      }
    }
  }
}
