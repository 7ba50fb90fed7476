package io.espalier.configs.combination;

import static io.espalier.configs.combination.PruneCombinations.ALLOCATION;
import static io.espalier.configs.combination.PruneCombinations.GRANULARITY;
import static io.espalier.configs.combination.PruneCombinations.MASK;
import static io.espalier.configs.combination.PruneCombinations.REFIT;
import static io.espalier.configs.combination.PruneCombinations.REGROWTH;
import static io.espalier.configs.combination.PruneCombinations.SCORE;
import static io.espalier.configs.combination.PruneCombinations.SELECTION;
import static io.espalier.configs.combination.PruneCombinations.SPARSITY;

import io.espalier.configs.ClientConfig;
import io.espalier.configs.KeepConfig;
import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RoundsConfig;
import io.espalier.configs.RoundsConfig.AggregationConfig;
import io.espalier.configs.TargetConfig;
import io.espalier.configs.combination.Combination.Breach;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.RankingPlugin;
import io.espalier.configs.plugin.RequiredStatistics;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Lists what a federation can train. */
final class FederationCombinations {
  static final String FEDERATION = "federation";
  static final String SCALER = "federation.scaler";

  private static final String SCHEDULE = "prune.schedule";
  private static final String MIN_KEEP = "prune.min-keep";
  private static final String WIDTHS = "federation.widths";

  private FederationCombinations() {}

  static List<Combination> all() {
    return List.of(
        Combination.titled("A federation has mask kinds whose pruned weights are 0")
            .of(MASK, FEDERATION)
            .because(
                "clients receive, hold and send kept weights only, so hidden ones would be lost")
            .instead("leave prune.mask away")
            .require(
                choices -> !choices.federated() || choices.prune().mask().traits().federates(),
                choices -> choices.prune().mask(),
                choices ->
                    PruneCombinations.kinds(choices, MaskTraits::federates) + " in a federation"),
        Combination.titled("A federation has scores that look at no data")
            .of(SCORE, FEDERATION)
            .because("the server updates the masks, and the data are on the devices")
            .instead("name one of these scores")
            .require(
                choices -> !choices.federated() || !choices.scoreReads().data(),
                choices -> choices.prune().ranking().score(),
                choices ->
                    choices.names(
                            PluginKind.SCORE,
                            RankingPlugin.class,
                            (score, settings) ->
                                score.readings(settings).equals(RequiredStatistics.NONE))
                        + " in a federation"),
        Combination.titled("A federation has allocations that look at no data")
            .of(ALLOCATION, FEDERATION)
            .because("the server updates the masks, and the data are on the devices")
            .instead("name one of these allocations")
            .require(
                choices -> !choices.federated() || !choices.allocationReads().data(),
                choices -> choices.prune().ranking().allocation(),
                choices ->
                    choices.names(
                            PluginKind.ALLOCATION,
                            RankingPlugin.class,
                            (allocation, settings) ->
                                allocation.readings(settings).equals(RequiredStatistics.NONE))
                        + " in a federation"),
        Combination.titled("fedavg has regrowth that looks at no data")
            .of(REGROWTH, FEDERATION)
            .because("the server updates the masks, and the data are on the devices")
            .instead("name one of these, or take federation = fedtiny, whose clients propose")
            .require(
                choices ->
                    !choices.federated()
                        || choices.adjustsMasks()
                        || !choices.regrowthReads().data(),
                choices -> choices.prune().regrowth(),
                choices ->
                    choices.names(
                            PluginKind.REGROWTH,
                            RankingPlugin.class,
                            (rule, settings) -> !rule.readings(settings).data())
                        + " in a federation"),
        Combination.titled("fedtiny has no regrowth")
            .of(REGROWTH, FEDERATION)
            .because("it exchanges weights itself, by the gradients that its clients propose")
            .instead("leave prune.regrowth away")
            .require(
                choices -> !choices.adjustsMasks() || !choices.prune().regrows(),
                choices -> choices.prune().regrowth(),
                choices -> "none with fedtiny"),
        Combination.titled("A federation has no refit")
            .of(REFIT, FEDERATION)
            .because("its server has no examples to measure on")
            .instead("leave prune.refit away")
            .require(
                choices -> !choices.federated() || !choices.prune().refits(),
                choices -> choices.prune().refit(),
                choices -> "none in a federation"),
        Combination.titled("fedavg prunes weights or units of weights")
            .of(GRANULARITY, FEDERATION)
            .because(
                "networks of devices keep their shapes, or have the channels of federation.widths")
            .instead("prune weights, rows or blocks, or set federation.widths")
            .require(
                choices -> !choices.federated() || choices.adjustsMasks() || !choices.channels(),
                choices -> choices.granularity(),
                choices -> "of weights in a federation"),
        Combination.titled("fedtiny prunes single weights")
            .of(GRANULARITY, FEDERATION)
            .because("its clients propose single weights, which replace others wherever they are")
            .instead("leave prune.granularity away, or take federation = fedavg")
            .require(
                choices -> !choices.adjustsMasks() || choices.freeWeights(),
                choices -> choices.granularity(),
                choices -> "weight with fedtiny"),
        Combination.titled("fedtiny selects freely")
            .of(SELECTION, FEDERATION)
            .because("its clients propose single weights, which replace others wherever they are")
            .instead("leave prune.selection away, or take federation = fedavg")
            .require(
                choices -> !choices.adjustsMasks() || choices.selectsFreely(),
                choices -> choices.prune().ranking().selection(),
                choices -> "free with fedtiny"),
        Combination.titled("fedtiny has densities of its own")
            .of(ALLOCATION, SCHEDULE, MIN_KEEP, FEDERATION)
            .because(
                "its candidates differ in how they share out the weights among layers, and are sparse"
                    + " from the first round")
            .instead("leave this key away, or take federation = fedavg")
            .checking(FederationCombinations::densities),
        Combination.titled("fedtiny prunes")
            .of(SPARSITY, FEDERATION)
            .because("its clients choose among masks and exchange pruned weights")
            .instead("set prune.sparsity, or take federation = fedavg")
            .require(
                choices -> !choices.adjustsMasks() || choices.prune().target().sparsity() > 0,
                choices -> choices.prune().target().sparsity(),
                choices -> "above 0 with fedtiny"),
        Combination.titled("fedtiny takes no widths")
            .of(WIDTHS, FEDERATION)
            .because("its clients choose among masks of the whole network")
            .instead("leave federation.widths away, or take federation = fedavg")
            .require(
                choices -> !choices.adjustsMasks() || isWhole(choices),
                choices ->
                    rounds(choices).map(each -> each.client().widths()).orElse(ClientConfig.WHOLE),
                choices -> "[100%] with fedtiny"),
        Combination.titled("krum takes networks of one width")
            .of("federation.aggregation", WIDTHS)
            .because(
                "it compares whole updates, and those of narrow networks are alike in all that they"
                    + " lack")
            .instead("name one of these, or leave federation.widths away")
            .require(
                choices -> isWhole(choices) || !isKrum(choices),
                choices -> "krum",
                choices -> "mean, trimmed-mean or median where there are several widths"),
        Combination.titled("A federation has a network that its recipe spells out")
            .of("model", FEDERATION)
            .because("devices lay the network out by the recipe alone and do not have the file")
            .instead("spell the network out with kind = layers")
            .require(
                choices ->
                    !choices.federated() || choices.run().model().architecture().files().isEmpty(),
                choices -> choices.run().model().architecture().kind(),
                choices -> "no file in a federation"),
        Combination.titled("A federation has objectives without files")
            .of(CourseCombinations.OBJECTIVE, FEDERATION)
            .because("its devices do not have the file")
            .instead("leave train.objective away")
            .require(
                choices ->
                    !choices.federated()
                        || choices.run().train().loss().objective().paths().isEmpty(),
                choices -> choices.run().train().loss().objective(),
                choices -> "one that names no file in a federation"),
        Combination.titled("A federation has all classes")
            .of("data.only-classes", FEDERATION)
            .because("its clients have the classes of the server's data")
            .instead("leave data.only-classes away")
            .require(
                choices -> !choices.federated() || choices.run().data().onlyClasses().isEmpty(),
                choices -> choices.run().data().onlyClasses(),
                choices -> "left away in a federation"),
        Combination.titled("A federation keeps its last masks")
            .of("train.keep-masks", FEDERATION)
            .because("rounds store masks in checkpoints only")
            .instead("leave train.keep-masks away")
            .require(
                choices ->
                    !choices.federated()
                        || choices.run().train().keep().masks() == KeepConfig.Masks.LAST,
                choices -> "all",
                choices -> "last in a federation"));
  }

  /** Choices other than the defaults, which fedtiny would not read. */
  private static Stream<Breach> densities(Choices choices) {
    PruneConfig prune = choices.prune();
    return choices.adjustsMasks()
        ? Stream.of(
                breach(
                    isDefault(choices, PluginKind.ALLOCATION, "global"),
                    ALLOCATION,
                    prune.ranking().allocation(),
                    "global"),
                breach(
                    isDefault(choices, PluginKind.SCHEDULE, "cubic"),
                    SCHEDULE,
                    prune.schedule(),
                    "cubic with its defaults"),
                breach(
                    prune.target().minKeep() <= TargetConfig.MIN_KEEP,
                    MIN_KEEP,
                    prune.target().minKeep(),
                    TargetConfig.MIN_KEEP + " or less"))
            .flatMap(Optional::stream)
        : Stream.empty();
  }

  private static boolean isDefault(Choices choices, PluginKind family, String name) {
    MemberSettings chosen = choices.chosen(family).orElseThrow();
    return chosen.is(name)
        && choices
            .member(family, chosen, Plugin.class)
            .flatMap(member -> member.keys().standard(name))
            .filter(chosen::equals)
            .isPresent();
  }

  private static Optional<Breach> breach(boolean holds, String key, Object value, String allowed) {
    return holds
        ? Optional.empty()
        : Optional.of(new Breach(key, value, allowed + " with fedtiny"));
  }

  private static Optional<RoundsConfig> rounds(Choices choices) {
    return choices.run().federation().common();
  }

  static boolean scales(Choices choices) {
    return rounds(choices).filter(each -> each.client().scaler()).isPresent();
  }

  private static boolean isWhole(Choices choices) {
    return rounds(choices)
        .filter(each -> !each.client().widths().equals(ClientConfig.WHOLE))
        .isEmpty();
  }

  private static boolean isKrum(Choices choices) {
    return rounds(choices)
        .filter(each -> each.merge().aggregation() instanceof AggregationConfig.Krum)
        .isPresent();
  }
}
