package io.espalier.trainer.initial;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginKind;

/** An initializer that recipes name. */
public interface InitializerProvider extends Plugin {
  @Override
  default PluginKind kind() {
    return PluginKind.INITIALIZER;
  }

  /** Makes the initializer of a run; it must draw from the given streams only. */
  Initializer create(MemberSettings settings);
}
