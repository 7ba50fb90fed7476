package io.espalier.masks.refit;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;

/**
 * The key {@code inputs} of refits that measure what reaches a layer: in the network before the
 * update, or behind layers that are pruned and refitted.
 */
final class RefitInputs {
  private static final String KEY = "inputs";
  private static final String DENSE = "dense";
  private static final String PRUNED = "pruned";

  private RefitInputs() {}

  /** Other keys and this one. */
  static PluginKeys with(PluginKeys keys) {
    return keys.name(KEY, DENSE);
  }

  static boolean arePruned(MemberSettings settings) {
    return settings.text(KEY).equals(PRUNED);
  }

  static void check(MemberSettings settings) {
    String inputs = settings.text(KEY);
    new Rules()
        .require(KEY, inputs, inputs.equals(DENSE) || inputs.equals(PRUNED), "dense or pruned")
        .verify();
  }
}
