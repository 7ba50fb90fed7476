package io.espalier.trainer.prepare;

import io.espalier.configs.RunConfig;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.WeightUses;
import io.espalier.masks.update.MaskUpdater;
import io.espalier.masks.update.StatisticRequests;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkStatistics;
import java.util.List;

final class WeightBudget {
  private WeightBudget() {}

  /** Refuses a limit of multiply-accumulates that no choice of weights can meet. */
  static void requirePossible(RunConfig config, Network network, List<ParameterShape> prunable) {
    double sparsity = config.prune().sparsity();
    if (sparsity > 0
        && StatisticRequests.of(config.prune(), config.seed())
            .held()
            .contains(WeightUses.REQUEST)) {
      MaskUpdater.of(
              config.prune(), config.seed(), prunable, () -> NetworkGroups.of(network).groups())
          .requirePossible(sparsity, NetworkStatistics.of(network, prunable));
    }
  }
}
