package io.espalier.trainer.prepare;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RunConfig;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.refit.Refit;
import io.espalier.masks.refit.Refit.Part;
import io.espalier.masks.refit.Refits;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.GroupMember;
import io.espalier.trainer.network.Addend;
import io.espalier.trainer.network.Addends;
import io.espalier.trainer.network.LayerCompanions;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkGroups;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The layers of a network that a refit can change. */
record RefitReach(LayerCompanions layers, Set<ParameterId> frozen) {
  /**
   * Refuses weights that a recipe's refit cannot refit, and a refit that can change nothing of the
   * layers that lose weights.
   *
   * @param prunable weights that may lose units
   * @param channels where whole channels go: then layers that read these lose weights
   */
  static void require(
      RunConfig config,
      Network network,
      List<ParameterShape> prunable,
      Optional<NetworkGroups> channels,
      Set<ParameterId> frozen) {
    Refits.of(config.prune())
        .ifPresent(
            refit -> {
              requireInputs(config.prune(), refit);
              Set<ParameterId> weights =
                  prunable.stream().map(ParameterShape::id).collect(Collectors.toSet());
              Addends addends = Addends.of(network, weights);
              refit.check(prunable, id -> addends.before(id).stream().map(Addend::weight).toList());
              new RefitReach(new LayerCompanions(network), frozen)
                  .require(
                      config.prune(),
                      refit,
                      channels.map(all -> readers(config, all)).orElse(weights));
            });
  }

  /**
   * Refuses a refit on inputs behind pruned layers that measures none, or whose layers go whole.
   */
  private static void requireInputs(PruneConfig prune, Refit refit) {
    if (!refit.readsPrunedInputs()) {
      return;
    }
    if (refit.requests().stream().noneMatch(request -> request.statistic().isMeasured())) {
      throw InvalidConfigException.of(
          "prune.refit",
          "must measure inputs to read them behind pruned layers: refit=%s, requests=%s; take a refit that measures, or inputs = dense"
              .formatted(prune.refit(), refit.requests()));
    }
    if (prune.granularity() instanceof GranularityConfig.Channel channel
        && channel.scope().ofLayers()) {
      throw InvalidConfigException.of(
          "prune.refit",
          "must read dense inputs where whole layers go: behind the first layer of one that goes there is nothing left that its last could make up for: refit=%s, granularity=%s; leave inputs away, or prune smaller units"
              .formatted(prune.refit(), channel.scope().word()));
    }
  }

  private void require(PruneConfig prune, Refit refit, Set<ParameterId> losing) {
    if (prune.target().sparsity() > 0
        && !losing.isEmpty()
        && losing.stream().noneMatch(weight -> has(refit.changes(), weight))) {
      throw InvalidConfigException.of(
          "prune.refit",
          "must change a layer that loses weights: refit=%s, layers=%d, none of them with %s; leave refit away, or take one that changes what they have"
              .formatted(
                  prune.refit().name(),
                  losing.size(),
                  refit.changes().stream()
                      .map(Part::toString)
                      .sorted()
                      .collect(Collectors.joining(" or "))));
    }
  }

  /** Empty where whole layers go, of which a refit may make up for what they add. */
  private static Set<ParameterId> readers(RunConfig config, NetworkGroups channels) {
    if (((GranularityConfig.Channel) config.prune().granularity()).scope().ofLayers()) {
      return Set.of();
    }
    return channels.groups().all().stream()
        .filter(Group::isPrunable)
        .flatMap(group -> group.members().stream())
        .filter(member -> member.axis() == 1)
        .map(GroupMember::parameter)
        .collect(Collectors.toSet());
  }

  private boolean has(Set<Part> parts, ParameterId weight) {
    return parts.stream()
        .anyMatch(
            part ->
                switch (part) {
                  case WEIGHTS -> !frozen.contains(weight);
                  case BIAS ->
                      layers.bias(weight).filter(bias -> !frozen.contains(bias)).isPresent();
                  case NORM -> layers.norm(weight).isPresent();
                });
  }
}
