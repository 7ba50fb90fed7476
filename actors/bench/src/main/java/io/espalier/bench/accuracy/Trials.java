package io.espalier.bench.accuracy;

import io.espalier.configs.ModelConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.masks.schedule.Counts;
import io.espalier.masks.schedule.Plan;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.model.SmallDense;
import io.espalier.trainer.prepare.PreparedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The runs of a recipe bench, from shipped recipes with seed, sparsity and length replaced. */
final class Trials {
  private static final long FIRST_SEED = 42;

  private final List<String> overrides;
  private final Optional<Integer> epochs;
  private final PreparedRun sample;

  private Trials(List<String> overrides, Optional<Integer> epochs, DataHome home) {
    this.overrides = overrides;
    this.epochs = epochs;
    this.sample = PreparedRun.of(recipe(RecipeRow.DENSE, FIRST_SEED, Stream.of()).config(), home);
  }

  /**
   * All runs seed by seed, so that an interrupted bench has whole rows. Plans all of them first, so
   * that an invalid recipe throws before any run starts.
   */
  static List<Trial> of(
      List<RecipeRow> rows,
      List<Double> sparsities,
      int seeds,
      Optional<Integer> epochs,
      List<String> overrides,
      DataHome home) {
    Trials trials = new Trials(overrides, epochs, home);
    List<Trial> all = new ArrayList<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed++) {
      for (RecipeRow row : rows) {
        for (double sparsity : row == RecipeRow.DENSE ? List.of(0.0) : sparsities) {
          all.add(trials.trial(row, sparsity, seed));
        }
      }
    }
    return all;
  }

  private Trial trial(RecipeRow row, double sparsity, long seed) {
    Stream<String> own =
        switch (row) {
          case DENSE -> Stream.of();
          case SMALL_DENSE ->
              Stream.of("model={kind=mlp,hidden=" + narrow(sparsity).hidden() + "}");
          case RANDOM, SET, RIGL, ONE_SHOT, GRADUAL, TAYLOR, SOFT, ANNEALED ->
              Stream.of("prune.sparsity=" + sparsity);
        };
    Trial trial = new Trial(row, sparsity, recipe(row, seed, own));
    if (row.prunes()) {
      Plan.of(trial.config(), sample.splits().smallestShard(), sample.prunable());
    }
    return trial;
  }

  private ModelConfig.Mlp narrow(double sparsity) {
    return SmallDense.modelFor(
        sample.config().model().architecture(),
        sample.dataset().input(),
        sample.dataset().classes(),
        Counts.kept(sparsity, sample.plan().prunable()));
  }

  private ResolvedRecipe recipe(RecipeRow row, long seed, Stream<String> own) {
    Stream<String> length =
        epochs.isPresent() ? Stream.of("train.epochs=" + epochs.get()) : Stream.of();
    Stream<String> fixed = Stream.of("train.trainers=1", "seed=" + seed);
    return new RecipeLoader()
        .load(
            row.recipe(),
            Stream.of(overrides.stream(), length, fixed, own).flatMap(each -> each).toList());
  }
}
