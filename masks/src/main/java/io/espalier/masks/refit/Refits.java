package io.espalier.masks.refit;

import io.espalier.configs.PruneConfig;
import io.espalier.configs.plugin.BuiltInPlugins;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import java.util.List;
import java.util.Optional;

/** The built-in refits, and those of users by their name. */
public final class Refits implements BuiltInPlugins {
  @Override
  public List<RefitProvider> list() {
    return List.of(
        new LeastSquares(),
        new LeastSquaresOfBranches(),
        new AlternatingRefit(),
        new SparseGptRefit(),
        new KroneckerRefit(),
        new LowRankRefit(),
        new RefitBatches.Alone("mean-folding", MeanFolding::of),
        new RefitBatches.Alone("norms", NormCalibration::of),
        new Rescaling());
  }

  /** The recipe's refit, if any. */
  public static Optional<Refit> of(PruneConfig prune) {
    if (!prune.refits()) {
      return Optional.empty();
    }
    return Optional.of(
        PluginRegistry.create(
            PluginKind.REFIT,
            prune.refit(),
            RefitProvider.class,
            provider -> provider.create(prune.refit()),
            RefitChecks::around));
  }
}
