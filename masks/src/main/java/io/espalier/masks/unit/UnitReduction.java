package io.espalier.masks.unit;

import io.espalier.configs.GranularityConfig.Reduction;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import java.util.Locale;
import java.util.stream.Stream;

/** The key {@code reduction} of units of several weights. */
final class UnitReduction {
  private static final String KEY = "reduction";

  private UnitReduction() {}

  static PluginKeys keys() {
    return PluginKeys.NONE.text(KEY, "mean");
  }

  static void check(MemberSettings settings) {
    String text = settings.text(KEY);
    new Rules()
        .require(
            KEY,
            text,
            Stream.of(Reduction.values()).anyMatch(each -> name(each).equals(text)),
            "sum, mean, max, l2 or squares")
        .verify();
  }

  static Reduction of(MemberSettings settings) {
    return Reduction.valueOf(settings.text(KEY).toUpperCase(Locale.ROOT));
  }

  private static String name(Reduction reduction) {
    return reduction.name().toLowerCase(Locale.ROOT);
  }
}
