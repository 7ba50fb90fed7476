package io.espalier.trainer.update;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.plugin.BuiltInPlugins;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import java.util.List;

/** The built-in optimizers that are plug-ins, and those of users by their name. */
public final class Optimizers implements BuiltInPlugins {
  @Override
  public List<OptimizerProvider> list() {
    return List.of(new RmsProp(), new Adagrad(), new Lion(), new Lamb());
  }

  /** Whether an optimizer is built in; calls no code of a user's. */
  public static boolean isBuiltIn(OptimizerConfig config) {
    return !(config instanceof OptimizerConfig.Custom own)
        || PluginRegistry.isBuiltIn(PluginKind.OPTIMIZER, own.settings());
  }

  static UpdateRule of(MemberSettings settings) {
    OptimizerProvider provider =
        PluginRegistry.require(PluginKind.OPTIMIZER, settings, OptimizerProvider.class);
    return PluginRegistry.isBuiltIn(provider)
        ? provider.create(settings)
        : UpdateRuleChecks.created(provider, settings);
  }
}
