package io.espalier.bench.scores;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One trained network, pruned at once, and fine-tuned for {@code epochs}, which may be 0.
 *
 * @param ranking what is compared with what: {@code global}, {@code uniform} shares of each
 *     parameter, or of each row of one ({@code per-row})
 */
record ScoreTrial(
    String network,
    long seed,
    String score,
    String ranking,
    String refit,
    double sparsity,
    int epochs) {
  static final List<String> RANKINGS = List.of("uniform", "global", "per-row");

  private static final String RECIPE =
      """
      name = scores, seed = %d
      data { kind = fashion-mnist, batch-size = 128, validation = 0%% }
      model = %s
      train {
        epochs = %d
        optimizer { kind = sgd, momentum = 0.9, weight-decay = 1e-4 }
        learning-rate { kind = cosine, initial = 0.01 }
      }
      prune {
        granularity = weight, sparsity = %s, score = %s, refit = %s
        allocation = %s, selection = %s
        schedule { kind = one-shot, begin = 0 }
        mask = hard
      }
      """;

  ScoreTrial {
    if (!RANKINGS.contains(ranking)) {
      throw new IllegalArgumentException(
          "a ranking must be one of %s: ranking=%s".formatted(RANKINGS, ranking));
    }
  }

  /**
   * Checks its recipe but for the trained weights.
   *
   * @throws InvalidConfigException if a rule refuses it
   */
  void check(List<String> overrides) {
    load(overrides);
  }

  boolean refits() {
    return !refit.equals("none");
  }

  /** The names that a user combines. */
  List<String> names() {
    return List.of(network, score, ranking, refit);
  }

  /** Its recipe with the trained weights of a file. */
  ResolvedRecipe recipe(List<String> overrides, Path weights) {
    List<String> all = new ArrayList<>(overrides);
    all.add("model.weights=\"%s\"".formatted(weights.toAbsolutePath()));
    return load(all);
  }

  private ResolvedRecipe load(List<String> overrides) {
    boolean perRow = ranking.equals("per-row");
    String text =
        RECIPE.formatted(
            seed,
            network,
            epochs,
            sparsity,
            score,
            refit,
            perRow ? "uniform" : ranking,
            perRow ? "per-row" : "free");
    return new RecipeLoader().parse("score bench", text, overrides);
  }

  /** Names everything that decides the result but the length of the training before. */
  String key(List<String> overrides) {
    return "%s/%s/%s/%s/%s/%s/%d/%s"
        .formatted(network, seed, score, ranking, refit, sparsity, epochs, overrides);
  }

  static String percent(double share) {
    return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + " %";
  }
}
