package io.espalier.trainer.offline;

import io.espalier.configs.DataConfig;
import io.espalier.configs.GranularityConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RankingConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.plugin.AllocationPlugin;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import io.espalier.configs.plugin.RankingPlugin;
import io.espalier.configs.plugin.RequiredStatistics;
import io.espalier.configs.recipe.RecipeLoader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The keys under {@code prune} of a recipe, without a run: one cut. */
final class PruneSettings {
  private static final String ORIGIN = "prune";
  private static final String SCHEDULE = "constant";
  private static final String BATCHES = "batches";
  private static final String CALIBRATE =
      "give examples to run it on: --calibrate DATA, a Calibration in a program";

  /** A recipe must have these keys beside; data and network of a file take their place. */
  private static final String RECIPE =
      "name = prune, data { kind = digits }, model { kind = mlp, hidden = [1] }, prune.schedule = "
          + SCHEDULE;

  private PruneSettings() {}

  /**
   * The settings of a cut by weights alone.
   *
   * @param keys HOCON such as {@code prune.score=lamp}; also {@code seed}
   * @throws InvalidConfigException listing everything that is wrong
   */
  static RunConfig of(List<String> keys) {
    RunConfig config = new RecipeLoader().parse(ORIGIN, RECIPE, keys).config();
    requireWeightsAlone(config.prune());
    requireNoTraining(config.prune());
    if (config.prune().refits()) {
      throw InvalidConfigException.of(
          "prune.refit",
          "must be left away where the network does not run: refit=%s; %s"
              .formatted(config.prune().refit(), CALIBRATE));
    }
    return config;
  }

  /** The settings of a cut of a network that runs. */
  static RunConfig calibrated(List<String> keys) {
    RunConfig config = new RecipeLoader().parse(ORIGIN, RECIPE, keys).config();
    requireNoTraining(config.prune());
    return config;
  }

  /** The data of a recipe: a name, or HOCON with a kind; problems are those of a calibration. */
  static DataConfig data(String text) {
    try {
      return new RecipeLoader().parse(ORIGIN, RECIPE, List.of("data=" + text)).config().data();
    } catch (InvalidConfigException e) {
      throw new InvalidConfigException(
          e.problems().stream()
              .map(each -> new Problem(Optional.empty(), "calibrate", each.message()))
              .toList());
    }
  }

  /**
   * The settings of a run's update: what leaves {@code batches} at its default measures on so many,
   * and pruned channels stay in the network, with zeros.
   *
   * @param exclude parameters to leave dense
   */
  static PruneConfig measuring(PruneConfig prune, int batches, List<String> exclude) {
    RankingConfig ranking = prune.ranking();
    return new PruneConfig(
        prune.target().excluding(exclude),
        uncut(prune.granularity()),
        new RankingConfig(
            measuring(PluginKind.SCORE, ranking.score(), batches),
            measuring(PluginKind.ALLOCATION, ranking.allocation(), batches),
            ranking.selection()),
        prune.schedule(),
        prune.mask(),
        prune.regrowth(),
        prune.refits() ? measuring(PluginKind.REFIT, prune.refit(), batches) : prune.refit());
  }

  private static MemberSettings measuring(PluginKind family, MemberSettings member, int batches) {
    boolean standard =
        PluginRegistry.require(family, member, RankingPlugin.class).keys().list().stream()
            .filter(key -> key.name().equals(BATCHES))
            .anyMatch(
                key -> key.standard().equals(Optional.ofNullable(member.values().get(BATCHES))));
    return standard ? member.with(BATCHES, batches) : member;
  }

  private static GranularityConfig uncut(GranularityConfig granularity) {
    return granularity instanceof GranularityConfig.Channel channel
        ? new GranularityConfig.Channel(
            channel.scope(),
            channel.budget(),
            channel.scoring(),
            channel.limits(),
            channel.norms(),
            new GranularityConfig.CuttingConfig(
                GranularityConfig.CuttingConfig.When.NEVER, channel.cutting().settle()))
        : granularity;
  }

  private static void requireNoTraining(PruneConfig prune) {
    MemberSettings mask = prune.mask().member();
    requireAbsent("prune.mask", mask, mask.is("hard"));
    requireAbsent("prune.regrowth", prune.regrowth(), !prune.regrows());
    requireAbsent("prune.exclude", prune.target().exclude(), prune.target().exclude().isEmpty());
    requireAbsent("prune.schedule", prune.schedule(), prune.schedule().is(SCHEDULE));
  }

  private static void requireAbsent(String key, Object value, boolean holds) {
    if (!holds) {
      throw InvalidConfigException.of(
          key,
          "must be left away where a file is pruned, not a run: value=%s; name tensors to leave dense by globs beside the keys, and all else in a recipe that trains"
              .formatted(value));
    }
  }

  private static void requireWeightsAlone(PruneConfig prune) {
    requireWeightsAlone(PluginKind.SCORE, prune.ranking().score());
    requireWeightsAlone(PluginKind.ALLOCATION, prune.ranking().allocation());
    if (!(prune.granularity() instanceof GranularityConfig.Units)) {
      throw InvalidConfigException.of(
          PluginKind.UNITS.path(),
          "must be units of one weight tensor, as a file's tensors do not say which layers a channel joins: granularity=channel; choose row, column, filter or a block, or %s"
              .formatted(CALIBRATE));
    }
  }

  private static void requireWeightsAlone(PluginKind family, MemberSettings member) {
    RequiredStatistics reads =
        PluginRegistry.require(family, member, RankingPlugin.class).readings(member);
    if (!reads.equals(RequiredStatistics.NONE)) {
      throw InvalidConfigException.of(
          family.path(),
          "must look at weights alone where the network does not run: %s=%s; choose one of %s, or %s"
              .formatted(
                  family.path().substring(family.path().lastIndexOf('.') + 1),
                  member,
                  ofWeights(family),
                  CALIBRATE));
    }
  }

  private static String ofWeights(PluginKind family) {
    PluginRegistry members = PluginRegistry.installed();
    return members.names(family).stream()
        .filter(name -> members.named(family, name).stream().allMatch(PruneSettings::isOfWeights))
        .collect(Collectors.joining(", "));
  }

  private static boolean isOfWeights(Plugin member) {
    try {
      return member instanceof RankingPlugin ranking
          && !(member instanceof AllocationPlugin allocation && !allocation.sharesWeights())
          && Arrays.stream(GranularityConfig.Channel.Scope.values())
              .noneMatch(scope -> scope.word().equals(member.needs().get(PluginKind.UNITS)))
          && member
              .keys()
              .standard(member.name())
              .map(settings -> ranking.readings(settings).equals(RequiredStatistics.NONE))
              .orElse(false);
    } catch (RuntimeException e) {
      return false; // a broken member is none to name
    }
  }
}
