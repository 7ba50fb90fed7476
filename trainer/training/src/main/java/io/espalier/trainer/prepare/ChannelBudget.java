package io.espalier.trainer.prepare;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.BudgetConfig;
import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.masks.ParameterId;
import io.espalier.masks.channel.ChannelUpdater;
import io.espalier.masks.schedule.Plan;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.statistic.NormScales;
import io.espalier.masks.statistic.ResidualChange;
import io.espalier.masks.structure.Group;
import io.espalier.masks.update.StatisticRequests;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.latency.LatencyTable;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkGroups.ScaledNorm;
import io.espalier.trainer.network.ResidualUnit;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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

  /** Refuses a score by norms where the channels of a group that may be pruned have none. */
  static void requireNorms(RunConfig config, NetworkGroups groups) {
    if (!StatisticRequests.of(config.prune(), config.seed()).held().contains(NormScales.REQUEST)) {
      return;
    }
    Set<ParameterId> readers =
        ScaledNorm.of(groups.network()).stream()
            .map(ScaledNorm::reader)
            .collect(Collectors.toSet());
    groups.groups().all().stream()
        .filter(Group::isPrunable)
        .filter(
            group ->
                group.members().stream()
                    .noneMatch(each -> each.axis() == 0 && readers.contains(each.parameter())))
        .findFirst()
        .ifPresent(
            group -> {
              throw InvalidConfigException.of(
                  "prune.score",
                  ("must not rank by norms where channels have none behind the weights that give"
                          + " them: score=%s, channels of=%s; name another score, or protect these"
                          + " weights by prune.exclude")
                      .formatted(config.prune().ranking().score(), group.members()));
            });
  }

  /** Refuses to prune heads or layers of a network of which none can go. */
  static void requireUnits(RunConfig config, NetworkGroups groups) {
    Scope scope = ((GranularityConfig.Channel) config.prune().granularity()).scope();
    if (config.prune().target().sparsity() > 0
        && scope != Scope.ALL
        && groups.groups().all().stream().noneMatch(Group::isPrunable)) {
      throw InvalidConfigException.of(
          "prune.granularity",
          "must not be %s where %s: model=%s, exclude=%s; prune channels or weights, or %s"
              .formatted(
                  scope.word(),
                  scope.ofLayers()
                      ? "no residual goes around layers whose last one gives 0 without its weights"
                          + (scope == Scope.BLOCKS ? ", attention among them" : "")
                      : "no layer of attention has two heads of keys or more",
                  config.model().architecture().kind(),
                  config.prune().target().exclude(),
                  scope.ofLayers()
                      ? "end the layers before an addition without a bias and a norm"
                      : "give the network heads"));
    }
  }

  /** Refuses windows of more residual units than a network has, whose distances none has. */
  static void requireWindows(RunConfig config, Network network) {
    Scope scope = ((GranularityConfig.Channel) config.prune().granularity()).scope();
    if (config.prune().target().sparsity() == 0 || !scope.ofLayers()) {
      return;
    }
    int units = ResidualUnit.of(network, scope).size();
    StatisticRequests.of(config.prune(), config.seed())
        .measured()
        .filter(ResidualChange.class::isInstance)
        .mapToInt(each -> ((ResidualChange) each).consecutive())
        .filter(each -> each > units)
        .findFirst()
        .ifPresent(
            each -> {
              throw InvalidConfigException.of(
                  "prune.score.consecutive",
                  "must be at most the %d units of the network: consecutive=%d, granularity=%s"
                      .formatted(units, each, scope.word()));
            });
  }

  /** Refuses a plan that no choice of channels can satisfy. */
  static void requirePossible(RunConfig config, NetworkGroups groups, Plan plan) {
    ChannelUpdater.of(config.prune(), config.seed(), groups.groups(), groups.budget())
        .requirePossible(
            plan.updates().stream().mapToDouble(PlannedUpdate::sparsity).max().orElse(0));
  }
}
