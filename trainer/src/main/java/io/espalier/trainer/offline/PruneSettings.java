package io.espalier.trainer.offline;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMember;
import io.espalier.configs.custom.CustomMembers;
import io.espalier.configs.custom.RankingMember;
import io.espalier.configs.custom.Readings;
import io.espalier.configs.recipe.RecipeLoader;
import java.util.List;
import java.util.stream.Collectors;

/** The keys under {@code prune} of a recipe, without a run: one cut by weights alone. */
final class PruneSettings {
  /** What a recipe must have beside; nothing reads it. */
  private static final String RECIPE =
      "name = prune, data { kind = digits }, model { kind = mlp, hidden = [1] }, prune.schedule = constant";

  private PruneSettings() {}

  /**
   * @param keys HOCON such as {@code prune.score=lamp}; also {@code seed}
   * @throws InvalidConfigException listing everything that is wrong
   */
  static RunConfig of(List<String> keys) {
    RunConfig config = new RecipeLoader().parse("prune", RECIPE, keys).config();
    requireWeightsAlone(config.prune());
    requireNoTraining(config.prune());
    return config;
  }

  private static void requireNoTraining(PruneConfig prune) {
    MemberSettings mask = prune.mask().member();
    requireAbsent("prune.mask", mask, mask.is("hard"));
    requireAbsent("prune.regrowth", prune.regrowth(), !prune.regrows());
    requireAbsent("prune.refit", prune.refit(), !prune.refits());
    requireAbsent("prune.exclude", prune.exclude(), prune.exclude().isEmpty());
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
    Readings reads =
        CustomMembers.require(CustomFamily.SCORE, prune.score(), RankingMember.class)
            .readings(prune.score());
    if (!reads.equals(Readings.NONE)) {
      throw InvalidConfigException.of(
          CustomFamily.SCORE.path(),
          "must rank by weights alone where nothing is trained: score=%s; choose one of %s, or prune while training"
              .formatted(prune.score(), scoresOfWeights()));
    }
    if (!(prune.granularity() instanceof GranularityConfig.Units)) {
      throw InvalidConfigException.of(
          CustomFamily.UNITS.path(),
          "must be units of one weight tensor, as a file does not say which layers a channel joins: granularity=channel; choose row, column, filter or a block, or prune channels while training");
    }
  }

  private static String scoresOfWeights() {
    CustomMembers members = CustomMembers.installed();
    return members.names(CustomFamily.SCORE).stream()
        .filter(
            name ->
                members.named(CustomFamily.SCORE, name).stream()
                    .allMatch(PruneSettings::isOfWeights))
        .collect(Collectors.joining(", "));
  }

  private static boolean isOfWeights(CustomMember score) {
    try {
      return score instanceof RankingMember ranking
          && score
              .keys()
              .standard(score.name())
              .map(settings -> ranking.readings(settings).equals(Readings.NONE))
              .orElse(false);
    } catch (RuntimeException e) {
      return false; // a broken member is none to name
    }
  }
}
