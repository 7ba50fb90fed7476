package io.espalier.masks.regrowth;

import io.espalier.configs.PruneConfig;
import io.espalier.configs.plugin.BuiltInPlugins;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import java.util.List;
import java.util.Optional;

/** The built-in regrowth rules, and those of users by their name. */
public final class Regrowths implements BuiltInPlugins {
  @Override
  public List<RegrowthProvider> list() {
    return List.of(
        new SparseEvolution(), //
        new RigL());
  }

  /** The recipe's regrowth rule, if any. */
  public static Optional<Regrowth> of(PruneConfig prune, long seed) {
    if (!prune.regrows()) {
      return Optional.empty();
    }
    return Optional.of(
        PluginRegistry.create(
            PluginKind.REGROWTH,
            prune.regrowth(),
            RegrowthProvider.class,
            provider -> provider.create(prune.regrowth(), seed),
            RegrowthChecks::around));
  }
}
