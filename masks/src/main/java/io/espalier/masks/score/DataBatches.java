package io.espalier.masks.score;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;

/** The key {@code batches} of scores that look at data: batches per trainer and mask update. */
final class DataBatches {
  private static final String KEY = "batches";
  private static final int MOST = 1_000;

  private DataBatches() {}

  static PluginKeys keys(int standard) {
    return PluginKeys.NONE.whole(KEY, standard);
  }

  static int of(MemberSettings settings) {
    return settings.whole(KEY);
  }

  static void check(MemberSettings settings) {
    int batches = of(settings);
    new Rules()
        .require(KEY, batches, batches >= 1 && batches <= MOST, "from 1 to " + MOST)
        .verify();
  }
}
