package io.espalier.masks.refit;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;

/** The keys {@code batches} and {@code ridge} of least squares. */
final class Ridge {
  private static final String KEY = "ridge";

  private Ridge() {}

  static PluginKeys keys() {
    return RefitBatches.keys().number(KEY, 1e-3);
  }

  static double of(MemberSettings settings) {
    return settings.number(KEY);
  }

  static void check(MemberSettings settings) {
    RefitBatches.check(settings);
    double ridge = of(settings);
    new Rules().require(KEY, ridge, ridge >= 1e-9 && ridge <= 1, "from 1e-9 to 1").verify();
  }
}
