package io.espalier.trainer.prepare;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.BudgetConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.masks.channel.ChannelUpdater;
import io.espalier.masks.schedule.Plan;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.latency.LatencyTable;
import io.espalier.trainer.network.NetworkGroups;
import java.nio.file.Path;
import java.util.Optional;

final class ChannelBudget {
  private ChannelBudget() {}

  /** Adds the budget of a recipe that prunes channels; latencies need the table in {@code home}. */
  static NetworkGroups of(RunConfig config, NetworkGroups groups, Optional<DataHome> home) {
    BudgetConfig budget = ((GranularityConfig.Channel) config.prune().granularity()).budget();
    if (budget instanceof BudgetConfig.Latency) {
      Path table = home.orElseThrow(ChannelBudget::elsewhere).home();
      return groups.withBudget(LatencyTable.cost(groups, config.data().batchSize(), table));
    }
    return groups.withBudget(
        budget instanceof BudgetConfig.Parameters ? groups.weights() : groups.macs());
  }

  private static InvalidConfigException elsewhere() {
    return InvalidConfigException.of(
        "prune.granularity.budget",
        "must be parameters or macs where other machines train: budget=latency");
  }

  /** Refuses a plan that no choice of channels can satisfy. */
  static void requirePossible(RunConfig config, NetworkGroups groups, Plan plan) {
    ChannelUpdater.of(config.prune(), config.seed(), groups.groups(), groups.budget())
        .requirePossible(
            plan.updates().stream().mapToDouble(PlannedUpdate::sparsity).max().orElse(0));
  }
}
