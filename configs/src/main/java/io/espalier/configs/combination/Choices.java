package io.espalier.configs.combination;

import io.espalier.configs.FederationConfig;
import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.plugin.MaskPlugin;
import io.espalier.configs.plugin.ObjectivePlugin;
import io.espalier.configs.plugin.OptimizerPlugin;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import io.espalier.configs.plugin.RankingPlugin;
import io.espalier.configs.plugin.RequiredStatistics;
import io.espalier.configs.plugin.SelectionPlugin;
import io.espalier.configs.plugin.UnitsPlugin;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * A recipe as rules of combination see it: its choices, and what their members say of themselves.
 */
public record Choices(RunConfig run, PluginRegistry members) {
  PruneConfig prune() {
    return run.prune();
  }

  boolean federated() {
    return !(run.federation() instanceof FederationConfig.None);
  }

  boolean adjustsMasks() {
    return run.federation() instanceof FederationConfig.FedTiny;
  }

  boolean channels() {
    return prune().granularity() instanceof GranularityConfig.Channel;
  }

  /** Whether whole layers are pruned. */
  boolean layers() {
    return prune().granularity() instanceof GranularityConfig.Channel channel
        && channel.scope().ofLayers();
  }

  /** Whether the score is one of whole layers. */
  boolean scoresLayers() {
    return ask(
        PluginKind.SCORE,
        prune().ranking().score(),
        Plugin.class,
        score ->
            Arrays.stream(Scope.values())
                .filter(Scope::ofLayers)
                .anyMatch(scope -> scope.word().equals(score.needs().get(PluginKind.UNITS))),
        false);
  }

  /** The name of the units, for messages. */
  String granularity() {
    return units().map(MemberSettings::toString).orElseGet(() -> prune().granularity().name());
  }

  Optional<MemberSettings> units() {
    return prune().granularity() instanceof GranularityConfig.Units named
        ? Optional.of(named.settings())
        : Optional.empty();
  }

  /** The member that the recipe chooses of a family; empty where there is none or a list. */
  Optional<MemberSettings> chosen(PluginKind family) {
    return switch (family) {
      case SCORE -> Optional.of(prune().ranking().score());
      case ALLOCATION -> Optional.of(prune().ranking().allocation());
      case SELECTION -> Optional.of(prune().ranking().selection());
      case SCHEDULE -> Optional.of(prune().schedule());
      case MASK -> Optional.of(prune().mask().member());
      case REGROWTH -> Optional.of(prune().regrowth());
      case REFIT -> Optional.of(prune().refit());
      case UNITS -> units();
      case OBJECTIVE -> Optional.of(run.train().loss().objective());
      case OPTIMIZER -> optimizer();
      case DATA, NETWORK, LEARNING_RATE, INITIALIZER, RULE, OBSERVER -> Optional.empty();
    };
  }

  /** Whether the objective trains each transformer block by itself. */
  boolean trainsBlocks() {
    return ask(
        PluginKind.OBJECTIVE,
        run.train().loss().objective(),
        ObjectivePlugin.class,
        ObjectivePlugin::trainsBlocks,
        false);
  }

  /** The optimizer, if it is a plug-in. */
  private Optional<MemberSettings> optimizer() {
    return run.train().step().optimizer() instanceof OptimizerConfig.Custom own
        ? Optional.of(own.settings())
        : Optional.empty();
  }

  /** Whether the optimizer changes each value by itself. */
  boolean updatesElements() {
    return optimizer()
        .map(
            settings ->
                ask(
                    PluginKind.OPTIMIZER,
                    settings,
                    OptimizerPlugin.class,
                    optimizer -> optimizer.isElementwise(settings),
                    true))
        .orElse(true);
  }

  boolean freeWeights() {
    return units()
        .filter(
            settings ->
                ask(
                    PluginKind.UNITS,
                    settings,
                    UnitsPlugin.class,
                    units -> units.areFreeWeights(settings),
                    false))
        .isPresent();
  }

  boolean selectsFreely() {
    return ask(
        PluginKind.SELECTION,
        prune().ranking().selection(),
        SelectionPlugin.class,
        SelectionPlugin::isFree,
        false);
  }

  /** Whether the mask kind decides itself which weights stay. */
  boolean chooses() {
    MemberSettings kind = prune().mask().member();
    return ask(PluginKind.MASK, kind, MaskPlugin.class, mask -> mask.chooses(kind), false);
  }

  /** Returns what the score reads. */
  RequiredStatistics scoreReads() {
    return readings(PluginKind.SCORE, prune().ranking().score());
  }

  /** Returns what the allocation reads beside scores. */
  RequiredStatistics allocationReads() {
    return readings(PluginKind.ALLOCATION, prune().ranking().allocation());
  }

  /** Returns what the regrowth reads; nothing if there is none. */
  RequiredStatistics regrowthReads() {
    return readings(PluginKind.REGROWTH, prune().regrowth());
  }

  /** Returns what the refit reads; nothing if there is none. */
  RequiredStatistics refitReads() {
    return readings(PluginKind.REFIT, prune().refit());
  }

  private RequiredStatistics readings(PluginKind family, MemberSettings settings) {
    return ask(
        family,
        settings,
        RankingPlugin.class,
        ranks -> ranks.readings(settings),
        RequiredStatistics.NONE);
  }

  /** The member that a recipe names, if it is of this type. */
  <T extends Plugin> Optional<T> member(PluginKind family, MemberSettings settings, Class<T> type) {
    return members.named(family, settings.name()).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst();
  }

  /** Returns the member's answer; {@code otherwise} if it has none. */
  <T extends Plugin, R> R ask(
      PluginKind family,
      MemberSettings settings,
      Class<T> type,
      Function<T, R> question,
      R otherwise) {
    return member(family, settings, type)
        .map(
            member ->
                PluginGuard.of(member)
                    .prepare("say what it goes together with", () -> question.apply(member)))
        .orElse(otherwise);
  }

  /** The names of a family's members of which something holds by default: "a, b or c". */
  <T extends Plugin> String names(
      PluginKind family, Class<T> type, BiPredicate<T, MemberSettings> holds) {
    return listed(
        members.names(family).stream()
            .filter(
                name ->
                    member(family, MemberSettings.of(name), type)
                        .filter(member -> holds(member, holds))
                        .isPresent())
            .toList());
  }

  private static <T extends Plugin> boolean holds(T member, BiPredicate<T, MemberSettings> holds) {
    try {
      return member
          .keys()
          .standard(member.name())
          .filter(
              settings ->
                  PluginGuard.of(member)
                      .prepare("describe itself", () -> holds.test(member, settings)))
          .isPresent();
    } catch (InvalidConfigException e) {
      return false;
    }
  }

  private static String listed(List<String> names) {
    int last = names.size() - 1;
    return last < 1
        ? String.join("", names)
        : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }
}
