package io.espalier.bench.scores;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One trained network, pruned at once, and fine-tuned for {@code epochs}, which may be 0.
 *
 * @param score a name, or {@code {kind=NAME,KEY=VALUE}}
 * @param ranking the name of a {@link RankedUnit}
 */
record ScoreTrial(
    String network,
    long seed,
    String score,
    String ranking,
    String refit,
    double sparsity,
    int epochs) {
  /** The first learning rate of fine-tuning. */
  private static final double RATE = 0.01;

  /**
   * What all trials share.
   *
   * @param recipe the dense one that trains the networks
   * @param overrides of a user, for training and trials
   * @param normBatches over which trials compute batch norms anew; empty means as recipes do
   */
  record Base(String recipe, List<String> overrides, Optional<Integer> normBatches) {
    Base {
      overrides = List.copyOf(overrides);
    }

    private List<String> normKeys() {
      return normBatches.stream().map(count -> "train.norm-batches=" + count).toList();
    }
  }

  ScoreTrial {
    if (RankedUnit.named(ranking).isEmpty()) {
      throw new IllegalArgumentException(
          "a ranking must be one of %s: ranking=%s".formatted(RankedUnit.names(), ranking));
    }
  }

  /**
   * Checks its recipe but for the trained weights.
   *
   * @throws InvalidConfigException if a rule refuses it
   */
  void check(Base base) {
    load(base, List.of());
  }

  boolean ofChannels() {
    return comparing().ofChannels();
  }

  private RankedUnit comparing() {
    return RankedUnit.named(ranking).orElseThrow();
  }

  boolean refits() {
    return !refit.equals("none");
  }

  /** The names that a user combines. */
  List<String> names() {
    return List.of(network, score, ranking, refit);
  }

  /** Its recipe with the trained weights of a file. */
  ResolvedRecipe recipe(Base base, Path weights) {
    return load(base, List.of("model.weights=\"%s\"".formatted(weights.toAbsolutePath())));
  }

  private ResolvedRecipe load(Base base, List<String> trained) {
    List<String> own =
        List.of(
            "seed=" + seed,
            "model=" + network,
            "train.trainers=1",
            "train.epochs=" + epochs,
            "train.learning-rate={kind=cosine,initial=%s,warm-up=0}".formatted(RATE),
            "prune.sparsity=" + sparsity,
            "prune.score=" + score,
            "prune.refit=" + refit,
            "prune.schedule={kind=one-shot,begin=0}",
            "prune.mask=hard");
    return new RecipeLoader()
        .load(
            base.recipe(),
            Stream.of(own, base.normKeys(), comparing().keys(), base.overrides(), trained)
                .flatMap(List::stream)
                .toList());
  }

  /** Names everything that decides the result but the length of the training before. */
  String key(Base base) {
    return "%s/%s/%s/%s/%s/%s/%s/%d/%s%s"
        .formatted(
            base.recipe(),
            network,
            seed,
            score,
            ranking,
            refit,
            sparsity,
            epochs,
            base.overrides(),
            base.normBatches().map(count -> "/norms " + count).orElse(""));
  }

  static String percent(double share) {
    return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + " %";
  }
}
