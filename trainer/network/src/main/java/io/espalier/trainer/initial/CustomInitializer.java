package io.espalier.trainer.initial;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.trainer.network.ParameterSpec;
import java.util.SplittableRandom;

/** Errors in a user's initializer name it; they are refusals, as values are drawn before a run. */
record CustomInitializer(PluginGuard code, Initializer initializer) implements Initializer {
  static CustomInitializer of(InitializerProvider provider, MemberSettings settings) {
    PluginGuard code = PluginGuard.of(provider);
    return new CustomInitializer(code, code.prepare("be created", () -> provider.create(settings)));
  }

  @Override
  public void weight(ParameterSpec weight, SplittableRandom random, float[] values) {
    draw(weight, values, () -> initializer.weight(weight, random, values));
  }

  @Override
  public void bias(ParameterSpec bias, SplittableRandom random, float[] values) {
    draw(bias, values, () -> initializer.bias(bias, random, values));
  }

  private void draw(ParameterSpec parameter, float[] values, Runnable drawing) {
    code.prepare(
        "draw " + parameter.id().name(),
        () -> {
          drawing.run();
          requireFinite(parameter, values);
          return values;
        });
  }

  private void requireFinite(ParameterSpec parameter, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw code.broken(
            "draw finite values: parameter=%s, index=%d, value=%s"
                .formatted(parameter.id().name(), i, values[i]));
      }
    }
  }
}
