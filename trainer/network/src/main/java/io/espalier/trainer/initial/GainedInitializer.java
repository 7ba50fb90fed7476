package io.espalier.trainer.initial;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;

/** A built-in initializer, whose key {@code gain} is a factor of all that it draws. */
interface GainedInitializer extends InitializerProvider {
  Initializer create(double gain);

  @Override
  default Initializer create(MemberSettings settings) {
    return create(settings.number("gain"));
  }

  @Override
  default PluginKeys keys() {
    return PluginKeys.NONE.number("gain", 1);
  }

  @Override
  default void check(MemberSettings settings) {
    double gain = settings.number("gain");
    new Rules().require("gain", gain, gain > 0 && gain <= 100, "above 0, at most 100").verify();
  }
}
