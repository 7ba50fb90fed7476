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
import java.util.Optional;

final class ChannelBudget {
  private ChannelBudget() {}

  /** The latencies that a recipe counts by; empty if it counts by something else. */
  static Optional<LatencyTable> latencies(
      RunConfig config, NetworkGroups groups, Optional<DataHome> home) {
    if (!(budget(config) instanceof BudgetConfig.Latency)) {
      return Optional.empty();
    }
    DataHome here = home.orElseThrow(ChannelBudget::elsewhere);
    return Optional.of(LatencyTable.of(groups, config.data().batchSize(), here.home(), here.run()));
  }

  /** Adds the budget of a recipe that prunes channels. */
  static NetworkGroups of(
      RunConfig config, NetworkGroups groups, Optional<LatencyTable> latencies) {
    if (latencies.isPresent()) {
      return groups.withBudget(latencies.get().cost(groups, config.data().batchSize()));
    }
    return groups.withBudget(
        budget(config) instanceof BudgetConfig.Parameters ? groups.weights() : groups.macs());
  }

  private static BudgetConfig budget(RunConfig config) {
    return ((GranularityConfig.Channel) config.prune().granularity()).budget();
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
