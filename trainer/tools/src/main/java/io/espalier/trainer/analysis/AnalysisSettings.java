package io.espalier.trainer.analysis;

import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import java.util.List;

/**
 * Holds what diagnostics measure with.
 *
 * @param seed of samples and of scores and corruptions that are drawn
 * @param examples of a sample, at most
 * @param sparsities that each layer is pruned to alone, in rising order
 * @param scoring a recipe with the score of units, and with the units that it scores
 * @param units of a layer that are removed in turn, at most
 */
public record AnalysisSettings(
    long seed, int examples, List<Double> sparsities, RunConfig scoring, int units) {
  /** A recipe must have these keys beside its score; nothing reads them. */
  private static final String RECIPE =
      "name = analyse, data { kind = digits }, model { kind = mlp, hidden = [1] }, prune.schedule = constant, prune.sparsity = 0, prune.granularity = filter";

  public static final long SEED = 1;
  public static final int EXAMPLES = 1000;
  public static final int UNITS = 16;
  public static final List<Double> SPARSITIES = List.of(.5, .8, .9, .95);

  public AnalysisSettings {
    sparsities = List.copyOf(sparsities);
    require("examples", examples, examples >= 1, "1 or more");
    require("units", units, units >= 2, "2 or more, as one unit has no order");
    require(
        "sparsities",
        sparsities,
        !sparsities.isEmpty()
            && sparsities.stream().allMatch(share -> share > 0 && share < 1)
            && sparsities.equals(sparsities.stream().sorted().distinct().toList()),
        "shares above 0 and below 1, in rising order");
  }

  private static void require(String name, Object value, boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("%s must be %s: %s=%s".formatted(name, rule, name, value));
    }
  }

  /**
   * Reads a score as recipes have it.
   *
   * @param score HOCON, such as {@code taylor} or <code>{ kind = taylor, batches = 8 }</code>
   * @throws io.espalier.configs.InvalidConfigException if there is none of its name, or its
   *     settings are wrong
   */
  public static RunConfig scoring(String score, long seed) {
    return new RecipeLoader()
        .parse("analyse", RECIPE, List.of("prune.score=" + score, "seed=" + seed))
        .config();
  }
}
