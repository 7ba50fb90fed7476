package io.espalier.trainer.prepare;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.RunConfig;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.update.MaskUpdater;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkStatistics;
import java.util.List;

final class WeightBudget {
  private WeightBudget() {}

  /** Refuses a last update of weights that their allocation cannot share out. */
  static void requirePossible(RunConfig config, Network network, List<ParameterShape> prunable) {
    if (config.prune().granularity() instanceof GranularityConfig.Units
        && config.prune().target().sparsity() > 0) {
      MaskUpdater.of(
              config.prune(), config.seed(), prunable, () -> NetworkGroups.of(network).groups())
          .requirePossible(
              config.prune().target().sparsity(), NetworkStatistics.of(network, prunable));
    }
  }
}
