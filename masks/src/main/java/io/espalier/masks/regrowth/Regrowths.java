package io.espalier.masks.regrowth;

import io.espalier.configs.PruneConfig;
import io.espalier.configs.custom.BuiltInMembers;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMembers;
import java.util.List;
import java.util.Optional;

/** The built-in regrowth rules, and those of users by their name. */
public final class Regrowths implements BuiltInMembers {
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
    RegrowthProvider provider =
        CustomMembers.require(CustomFamily.REGROWTH, prune.regrowth(), RegrowthProvider.class);
    return Optional.of(
        CustomMembers.isBuiltIn(provider)
            ? provider.create(prune.regrowth(), seed)
            : CustomRegrowth.of(provider, prune.regrowth(), seed));
  }
}
