package io.espalier.masks.refit;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import java.util.function.Function;

/** The key {@code batches} of refits: batches per trainer and mask update. */
final class RefitBatches {
  static final String KEY = "batches";

  private RefitBatches() {}

  static PluginKeys keys() {
    return PluginKeys.NONE.whole(KEY, 32);
  }

  static int of(MemberSettings settings) {
    return settings.whole(KEY);
  }

  static void check(MemberSettings settings) {
    int batches = of(settings);
    new Rules().require(KEY, batches, batches >= 1 && batches <= 1000, "from 1 to 1000").verify();
  }

  /** A refit of measured inputs without another key. */
  record Alone(String name, Function<MemberSettings, Refit> maker) implements RefitProvider {
    @Override
    public PluginKeys keys() {
      return RefitInputs.with(RefitBatches.keys());
    }

    @Override
    public void check(MemberSettings settings) {
      RefitBatches.check(settings);
      RefitInputs.check(settings);
    }

    @Override
    public Refit create(MemberSettings settings) {
      return maker.apply(settings);
    }
  }
}
