package io.espalier.bench.accuracy;

import io.espalier.configs.ModelConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.masks.Counts;
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
  private final List<String> overrides;
  private final Optional<Integer> epochs;
  private final DataHome home;

  /**
   * What is combined.
   *
   * @param networks values of {@code model.kind}; if none, that of the recipes
   * @param initials values of {@code model.initial}; if none, that of the recipes
   */
  record Grid(
      List<RecipeRow> rows,
      List<String> networks,
      List<String> initials,
      List<Double> sparsities,
      List<Long> seeds) {}

  Trials(List<String> overrides, Optional<Integer> epochs, DataHome home) {
    this.overrides = overrides;
    this.epochs = epochs;
    this.home = home;
  }

  /**
   * All runs seed by seed, so that an interrupted bench has whole rows. Plans all of them first, so
   * that an invalid recipe throws before any run starts.
   */
  List<Trial> of(Grid grid) {
    List<Model> models = new ArrayList<>();
    for (List<String> network : settings("model.kind=", grid.networks())) {
      RunConfig dense = recipe(RecipeRow.DENSE, grid.seeds().get(0), network.stream()).config();
      PreparedRun prepared = PreparedRun.of(dense, home);
      for (List<String> initial : settings("model.initial=", grid.initials())) {
        models.add(new Model(Stream.of(network, initial).flatMap(List::stream).toList(), prepared));
      }
    }
    List<Trial> all = new ArrayList<>();
    for (long seed : grid.seeds()) {
      for (Model model : models) {
        for (RecipeRow row : grid.rows()) {
          for (double sparsity : row.equals(RecipeRow.DENSE) ? List.of(0.0) : grid.sparsities()) {
            all.add(trial(row, model, sparsity, seed));
          }
        }
      }
    }
    return all;
  }

  private static List<List<String>> settings(String key, List<String> values) {
    return values.isEmpty()
        ? List.of(List.of())
        : values.stream().map(value -> List.of(key + value)).toList();
  }

  /** Settings of a network and its initializer, and the dense run of the network. */
  private record Model(List<String> settings, PreparedRun dense) {
    ModelConfig.Architecture architecture() {
      return dense.config().model().architecture();
    }
  }

  private Trial trial(RecipeRow row, Model model, double sparsity, long seed) {
    Stream<String> own =
        row.prunes()
            ? Stream.of("prune.sparsity=" + sparsity)
            : row.equals(RecipeRow.DENSE) ? Stream.of() : narrow(model, sparsity);
    ResolvedRecipe recipe = recipe(row, seed, Stream.concat(model.settings().stream(), own));
    TableLine line =
        new TableLine(row, model.architecture().kind(), recipe.config().model().initial().name());
    Trial trial = new Trial(line, sparsity, recipe);
    if (row.prunes()) {
      Plan.of(trial.config(), model.dense().splits().smallestShard(), model.dense().prunable());
    }
    return trial;
  }

  private static Stream<String> narrow(Model model, double sparsity) {
    PreparedRun dense = model.dense();
    ModelConfig.Mlp narrow =
        SmallDense.modelFor(
            model.architecture(),
            dense.dataset().input(),
            dense.dataset().classes(),
            Counts.kept(sparsity, dense.plan().prunable()));
    return Stream.of("model={kind=mlp,hidden=" + narrow.hidden() + "}");
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
