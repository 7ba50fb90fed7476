package io.espalier.bench.accuracy;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.file.Sha256;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

record ShrinkTrial(ShrinkRow row, long seed, ResolvedRecipe recipe) {
  static final int WIDTH = 16;
  static final int EXAMPLES = 60_000;
  private static final long FIRST_SEED = 42;
  private static final String RECIPE =
      """
      name = shrink
      data { kind = fashion-mnist, batch-size = 128 }
      model { kind = resnet-20, width = %d }
      train {
        sync-every = 13
        evaluate-every = none
        optimizer { kind = sgd, momentum = 0.9, weight-decay = 5e-4 }
        learning-rate { kind = cosine, initial = 0.1, warm-up = 1 epoch }
      }
      prune {
        granularity {
          kind = channel, budget = macs, settle = 0, multiple = 8
          members = readers, reduction = sum, signs = result, normalisation = none
        }
        score { kind = taylor, batches = 4 }
        allocation = uniform
        schedule { kind = cubic, begin = 8%%, end = 30%%, updates = 5 }
      }
      """
          .formatted(WIDTH);

  /**
   * All runs, seed by seed, with HOCON {@code overrides} laid over every recipe; {@code images}
   * training examples are used, the others are held out.
   */
  static List<ShrinkTrial> of(
      List<ShrinkRow> rows, int seeds, int epochs, int images, List<String> overrides) {
    List<ShrinkTrial> trials = new ArrayList<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed++) {
      for (ShrinkRow row : rows) {
        Stream<String> shared =
            Stream.of(
                "seed=" + seed,
                "train.epochs=" + epochs,
                "data.validation=" + (1 - (double) images / EXAMPLES));
        List<String> all =
            Stream.of(shared, overrides.stream(), row.overrides()).flatMap(each -> each).toList();
        trials.add(
            new ShrinkTrial(row, seed, new RecipeLoader().parse("shrink bench", RECIPE, all)));
      }
    }
    return trials;
  }

  String key() {
    return "%s-seed-%d-%s"
        .formatted(row.label(), seed, Sha256.ofText(recipe.text()).substring(0, 12));
  }

  Path directory(Path out) {
    return out.resolve("runs").resolve(key());
  }
}
