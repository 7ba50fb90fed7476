package io.espalier.trainer.offline;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.PruneConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.custom.AllocationMember;
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
    requireWeightsAlone(CustomFamily.SCORE, prune.score());
    requireWeightsAlone(CustomFamily.ALLOCATION, prune.allocation());
    if (!(prune.granularity() instanceof GranularityConfig.Units)) {
      throw InvalidConfigException.of(
          CustomFamily.UNITS.path(),
          "must be units of one weight tensor, as a file does not say which layers a channel joins: granularity=channel; choose row, column, filter or a block, or prune channels while training");
    }
  }

  private static void requireWeightsAlone(CustomFamily family, MemberSettings member) {
    Readings reads = CustomMembers.require(family, member, RankingMember.class).readings(member);
    if (!reads.equals(Readings.NONE)) {
      throw InvalidConfigException.of(
          family.path(),
          "must look at weights alone where nothing is trained: %s=%s; choose one of %s, or prune while training"
              .formatted(
                  family.path().substring(family.path().lastIndexOf('.') + 1),
                  member,
                  ofWeights(family)));
    }
  }

  private static String ofWeights(CustomFamily family) {
    CustomMembers members = CustomMembers.installed();
    return members.names(family).stream()
        .filter(name -> members.named(family, name).stream().allMatch(PruneSettings::isOfWeights))
        .collect(Collectors.joining(", "));
  }

  private static boolean isOfWeights(CustomMember member) {
    try {
      return member instanceof RankingMember ranking
          && !(member instanceof AllocationMember allocation && !allocation.sharesWeights())
          && member
              .keys()
              .standard(member.name())
              .map(settings -> ranking.readings(settings).equals(Readings.NONE))
              .orElse(false);
    } catch (RuntimeException e) {
      return false; // a broken member is none to name
    }
  }
}
