package io.espalier.configs.combination;

import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.combination.Combination.Breach;
import io.espalier.configs.plugin.AllocationPlugin;
import io.espalier.configs.plugin.FixedSparsity;
import io.espalier.configs.plugin.MaskPlugin;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.SchedulePlugin;
import io.espalier.configs.plugin.ScorePlugin;
import io.espalier.configs.plugin.SelectionPlugin;
import io.espalier.configs.plugin.UnitsPlugin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lists what the parts of pruning require of each other. */
final class PruneCombinations {
  static final String SPARSITY = "prune.sparsity";
  static final String GRANULARITY = "prune.granularity";
  static final String SCORE = "prune.score";
  static final String ALLOCATION = "prune.allocation";
  static final String SELECTION = "prune.selection";
  static final String SCHEDULE = "prune.schedule";
  static final String MASK = "prune.mask";
  static final String REGROWTH = "prune.regrowth";
  static final String REFIT = "prune.refit";

  private static final Map<PluginKind, String> NO_NEEDS = Map.of();
  private static final String ROOM_FOR_ONE = "leave prune.regrowth away, or prune single weights";

  private PruneCombinations() {}

  static List<Combination> all() {
    return List.of(
        Combination.titled(
                "A score or mask kind that needs a member of another family goes with that one")
            .of(MASK, SCORE)
            .because("the score ranks by values that the other one has")
            .instead("leave this key away, which brings it, or name another score or mask")
            .checking(PruneCombinations::needs),
        Combination.titled(
                "A ranking, allocation or refit that reads values of a mask kind goes with kinds that"
                    + " have them")
            .of(MASK, SCORE, ALLOCATION, REGROWTH, REFIT)
            .because("the values are trained and stored by the kind")
            .instead("name the kind that has them")
            .require(
                choices -> missingValues(choices).isEmpty(),
                choices -> choices.prune().mask(),
                choices ->
                    "a kind with the values %s beside each weight"
                        .formatted(String.join(", ", missingValues(choices)))),
        Combination.titled("Channels go with mask kinds that let them be cut")
            .of(MASK, GRANULARITY)
            .because(
                "a kind that trains scores or thresholds judges single weights: neither the sign of a"
                    + " score nor a weight below a threshold speaks for a whole channel")
            .instead("name one of these kinds, or prune weights")
            .require(
                choices -> !choices.channels() || traits(choices).channels(),
                choices -> choices.prune().mask(),
                choices -> kinds(choices, MaskTraits::channels) + " where channels are pruned"),
        Combination.titled(
                "Updates go on at the final sparsity with mask kinds whose pruned weights may"
                    + " return")
            .of(SCHEDULE, MASK)
            .because("weights that are pruned for good leave such an update nothing to change")
            .instead(
                "leave prune.schedule.continue and prune.schedule.freeze away, or take such a mask")
            .checking(PruneCombinations::idleUpdates),
        Combination.titled("Regrowth goes with mask kinds whose pruned weights are 0")
            .of(REGROWTH, MASK)
            .because("weights that live on return by their own rank, and none could start at 0")
            .instead("leave prune.regrowth away, or take a mask whose pruned weights are 0")
            .require(
                choices -> !choices.prune().regrows() || traits(choices).regrows(),
                choices -> choices.prune().regrowth(),
                choices -> "none with prune.mask = " + choices.prune().mask().member().name()),
        Combination.titled("Regrowth goes with single weights")
            .of(REGROWTH, GRANULARITY)
            .because("it exchanges one weight for another, which would break up units and patterns")
            .instead(ROOM_FOR_ONE)
            .require(
                choices -> !choices.prune().regrows() || choices.freeWeights(),
                choices -> choices.prune().regrowth(),
                choices -> "none with prune.granularity = " + choices.granularity()),
        Combination.titled("Regrowth goes with free selections")
            .of(REGROWTH, SELECTION)
            .because("weights return wherever they score best, against the places of a selection")
            .instead("leave prune.regrowth away, or let prune.selection be free")
            .require(
                choices -> !choices.prune().regrows() || choices.selectsFreely(),
                choices -> choices.prune().regrowth(),
                choices ->
                    "none with prune.selection = " + choices.prune().ranking().selection().name()),
        Combination.titled("Regrowth needs something pruned")
            .of(REGROWTH, SPARSITY)
            .because("there is no pruned weight to return")
            .instead("set prune.sparsity, or leave prune.regrowth away")
            .require(
                choices -> !choices.prune().regrows() || choices.prune().target().sparsity() > 0,
                choices -> choices.prune().regrowth(),
                choices -> "none with prune.sparsity = 0"),
        Combination.titled("A refit goes with mask kinds whose pruned weights are 0")
            .of(REFIT, MASK)
            .because("it makes up for weights that are 0, and those that live on would count twice")
            .instead("leave prune.refit away, or take a mask whose pruned weights are 0")
            .require(
                choices ->
                    !choices.prune().refits()
                        || (!traits(choices).mayReturn() && traits(choices).fading().isEmpty()),
                choices -> choices.prune().refit(),
                choices -> "none with prune.mask = " + choices.prune().mask().member().name()),
        Combination.titled("A refit goes without regrowth")
            .of(REFIT, REGROWTH)
            .because("weights return at 0 to learn, and a refit would set them")
            .instead("leave one of them away")
            .require(
                choices -> !choices.prune().refits() || !choices.prune().regrows(),
                choices -> choices.prune().refit(),
                choices -> "none with prune.regrowth = " + choices.prune().regrowth().name()),
        Combination.titled("A selection that is not free goes with single weights")
            .of(SELECTION, GRANULARITY)
            .because(
                "it shares out the weights of each output, of which larger units have several,"
                    + " and patterns have a selection of their own")
            .instead("leave prune.selection away, or prune single weights")
            .require(
                choices -> choices.selectsFreely() || choices.freeWeights(),
                choices -> choices.prune().ranking().selection(),
                choices ->
                    choices.names(
                            PluginKind.SELECTION, SelectionPlugin.class, (s, set) -> s.isFree())
                        + " unless single weights are pruned"),
        Combination.titled("A score of whole layers goes with granularities of whole layers")
            .of(GRANULARITY, SCORE)
            .because("it compares what enters and what leaves layers that a residual goes around")
            .instead("name one of these, or another score")
            .require(
                choices -> !choices.scoresLayers() || choices.layers(),
                Choices::granularity,
                choices ->
                    "sublayer or transformer-block with prune.score = "
                        + choices.prune().ranking().score().name()),
        Combination.titled("An allocation goes with what it shares out: weights, channels or both")
            .of(ALLOCATION, GRANULARITY)
            .because(
                "a budget of channels is shared among groups of layers by what channels cost, one of"
                    + " weights by their number")
            .instead("name one of these, or another granularity")
            .require(
                choices ->
                    choices.ask(
                        PluginKind.ALLOCATION,
                        choices.prune().ranking().allocation(),
                        AllocationPlugin.class,
                        allocation -> shares(allocation, choices.channels()),
                        !choices.channels()),
                choices -> choices.prune().ranking().allocation(),
                choices ->
                    "%s where %s are pruned"
                        .formatted(
                            choices.names(
                                PluginKind.ALLOCATION,
                                AllocationPlugin.class,
                                (allocation, settings) -> shares(allocation, choices.channels())),
                            choices.channels() ? "channels" : "weights")),
        Combination.titled("A key of an allocation goes with the units that it is about")
            .of(ALLOCATION, GRANULARITY)
            .because(
                "a limit of what single weights cost says nothing of larger units, and a budget of"
                    + " channels limits their cost itself")
            .instead("leave the key away, or prune these units")
            .checking(PruneCombinations::misplacedKeys),
        Combination.titled("Units with a fixed sparsity take no other")
            .of(SPARSITY, GRANULARITY)
            .because("they say themselves how many of their weights stay")
            .instead("leave prune.sparsity away, or choose other units")
            .checking(PruneCombinations::fixed),
        Combination.titled("A mask kind that chooses weights itself goes with single weights")
            .of(GRANULARITY, MASK)
            .because("it says of each weight whether it stays")
            .instead("leave prune.granularity away, or name another mask")
            .require(
                choices -> !choices.chooses() || choices.freeWeights(),
                Choices::granularity,
                choices -> "weight with prune.mask = " + choices.prune().mask().member().name()),
        Combination.titled("A mask kind that chooses weights itself has no other choice beside it")
            .of(MASK, SCORE, ALLOCATION, SELECTION)
            .because("the kind decides which weights stay, and nothing would read another choice")
            .instead("leave it away, or name another mask")
            .checking(PruneCombinations::idle),
        Combination.titled("A mask kind that chooses weights itself needs a target")
            .of(SPARSITY, MASK)
            .because(
                "its thresholds act from the first step, and weights are chosen at mask updates only")
            .instead("set prune.sparsity to the target, or name another mask")
            .require(
                choices -> !choices.chooses() || choices.prune().target().sparsity() > 0,
                choices -> choices.prune().target().sparsity(),
                choices -> "above 0 with prune.mask = " + choices.prune().mask().member().name()),
        Combination.titled("A score of whole outputs goes with units that hold them")
            .of(GRANULARITY, SCORE)
            .because("it has one value for all weights of an output, and cannot tell them apart")
            .instead("name one of these, or another score")
            .require(
                choices ->
                    choices.channels() || ranksWithinOutputs(choices) || holdsOutputs(choices),
                Choices::granularity,
                choices ->
                    "%s or channel with prune.score = %s"
                        .formatted(
                            choices
                                .names(
                                    PluginKind.UNITS, UnitsPlugin.class, UnitsPlugin::holdOutputs)
                                .replace(" or ", ", "),
                            choices.prune().ranking().score().name())));
  }

  private static boolean ranksWithinOutputs(Choices choices) {
    return choices.ask(
        PluginKind.SCORE,
        choices.prune().ranking().score(),
        ScorePlugin.class,
        ScorePlugin::ranksWithinOutputs,
        true);
  }

  private static boolean holdsOutputs(Choices choices) {
    return choices
        .units()
        .filter(
            units ->
                choices.ask(
                    PluginKind.UNITS,
                    units,
                    UnitsPlugin.class,
                    member -> member.holdOutputs(units),
                    false))
        .isPresent();
  }

  /** The members that the score and the mask kind need and the recipe does not have. */
  private static Stream<Breach> needs(Choices choices) {
    return Stream.concat(
        needs(choices, PluginKind.SCORE, choices.prune().ranking().score()),
        needs(choices, PluginKind.MASK, choices.prune().mask().member()));
  }

  private static Stream<Breach> needs(Choices choices, PluginKind of, MemberSettings member) {
    return choices.ask(of, member, Plugin.class, Plugin::needs, NO_NEEDS).entrySet().stream()
        .flatMap(
            need ->
                choices
                    .chosen(need.getKey())
                    .filter(chosen -> !chosen.is(need.getValue()))
                    .map(
                        chosen ->
                            new Breach(
                                need.getKey().path(),
                                chosen,
                                "%s with %s = %s"
                                    .formatted(need.getValue(), of.path(), member.name())))
                    .stream());
  }

  /** Updates at the final sparsity under a mask whose pruned weights never return. */
  private static Stream<Breach> idleUpdates(Choices choices) {
    MemberSettings schedule = choices.prune().schedule();
    return traits(choices).mayReturn()
        ? Stream.empty()
        : choices
            .ask(
                PluginKind.SCHEDULE,
                schedule,
                SchedulePlugin.class,
                member -> member.continues(schedule),
                Optional.empty())
            .map(
                every ->
                    new Breach(
                        SCHEDULE + ".continue",
                        every,
                        "none with prune.mask = " + choices.prune().mask().member().name()))
            .stream();
  }

  /** Values that the mask kind should have; none where the score has named another kind. */
  private static Set<String> missingValues(Choices choices) {
    Set<String> missing = new TreeSet<>(choices.scoreReads().values());
    missing.addAll(choices.allocationReads().values());
    missing.addAll(choices.regrowthReads().values());
    missing.addAll(choices.refitReads().values());
    if (missing.isEmpty() || needs(choices).findAny().isPresent()) {
      return Set.of();
    }
    MemberSettings kind = choices.prune().mask().member();
    missing.removeAll(
        choices.ask(PluginKind.MASK, kind, MaskPlugin.class, mask -> mask.values(kind), Set.of()));
    return missing;
  }

  /** Choices other than the defaults, which a mask kind would not read. */
  private static Stream<Breach> idle(Choices choices) {
    if (!choices.chooses()) {
      return Stream.empty();
    }
    PruneConfig prune = choices.prune();
    return Stream.of(
            idle(choices, SCORE, prune.ranking().score(), "magnitude"),
            idle(choices, ALLOCATION, prune.ranking().allocation(), "global"),
            idle(choices, SELECTION, prune.ranking().selection(), "free"))
        .flatMap(Optional::stream);
  }

  private static Optional<Breach> idle(
      Choices choices, String key, MemberSettings chosen, String standard) {
    String kind = choices.prune().mask().member().name();
    return chosen.is(standard)
        ? Optional.empty()
        : Optional.of(new Breach(key, chosen, "%s with prune.mask = %s".formatted(standard, kind)));
  }

  /** Keys of the allocation that are about other units and not at their defaults. */
  private static Stream<Breach> misplacedKeys(Choices choices) {
    return Stream.concat(
        choices.freeWeights()
            ? Stream.empty()
            : misplaced(choices, AllocationPlugin::keysOfWeights, "single weights"),
        choices.channels()
            ? Stream.empty()
            : misplaced(choices, AllocationPlugin::keysOfChannels, "channels"));
  }

  private static Stream<Breach> misplaced(
      Choices choices, Function<AllocationPlugin, List<String>> keys, String units) {
    MemberSettings chosen = choices.prune().ranking().allocation();
    Map<String, Object> standard =
        choices.ask(
            PluginKind.ALLOCATION,
            chosen,
            AllocationPlugin.class,
            allocation -> standard(allocation, keys.apply(allocation)),
            Map.of());
    return chosen.values().entrySet().stream()
        .filter(key -> standard.containsKey(key.getKey()))
        .filter(key -> !key.getValue().equals(standard.get(key.getKey())))
        .map(
            key ->
                new Breach(
                    ALLOCATION + "." + key.getKey(),
                    key.getValue(),
                    "%s unless %s are pruned".formatted(standard.get(key.getKey()), units)));
  }

  private static Map<String, Object> standard(AllocationPlugin allocation, List<String> keys) {
    return allocation.keys().list().stream()
        .filter(key -> keys.contains(key.name()) && key.standard().isPresent())
        .collect(Collectors.toMap(PluginKeys.Key::name, key -> key.standard().orElseThrow()));
  }

  private static Stream<Breach> fixed(Choices choices) {
    double sparsity = choices.prune().target().sparsity();
    return choices.units().stream()
        .flatMap(
            units ->
                choices.member(PluginKind.UNITS, units, FixedSparsity.class).stream()
                    .map(member -> member.sparsity(units))
                    .filter(only -> only != sparsity)
                    .map(
                        only ->
                            new Breach(
                                SPARSITY,
                                sparsity,
                                "%s with prune.granularity = %s".formatted(only, units))));
  }

  private static boolean shares(AllocationPlugin allocation, boolean channels) {
    return channels ? allocation.sharesChannels() : allocation.sharesWeights();
  }

  private static MaskTraits traits(Choices choices) {
    return choices.prune().mask().traits();
  }

  /** Names of the kinds whose traits have something. */
  static String kinds(Choices choices, Predicate<MaskTraits> of) {
    return choices.names(
        PluginKind.MASK, MaskPlugin.class, (kind, settings) -> of.test(kind.traits(settings)));
  }
}
