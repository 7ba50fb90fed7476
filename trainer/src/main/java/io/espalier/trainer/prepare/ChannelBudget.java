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
import io.espalier.trainer.network.group.NetworkGroups;
import java.nio.file.Path;
import java.util.Optional;

/** What a recipe's sparsity of channels is a share of, and whether that much can go. */
final class ChannelBudget {
  private ChannelBudget() {}

  /**
   * The groups with the budget of a recipe that prunes channels.
   *
   * @param home where this machine's table of latencies is; empty if the run is on other machines
   * @throws InvalidConfigException if the table is missing, damaged, or of another machine
   */
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

  /**
   * Refuses a plan that asks for more than any choice of channels can give.
   *
   * @throws InvalidConfigException naming what is possible
   */
  static void requirePossible(RunConfig config, NetworkGroups groups, Plan plan) {
    ChannelUpdater.of(config.prune(), config.seed(), groups.groups(), groups.budget())
        .requirePossible(
            plan.updates().stream().mapToDouble(PlannedUpdate::sparsity).max().orElse(0));
  }
}
