package io.espalier.bench.accuracy;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.file.Sha256;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

record ShrinkTrial(ShrinkRow row, long seed, ResolvedRecipe recipe) {
  /** All runs, seed by seed, with HOCON {@code overrides} laid over the recipe of every line. */
  static List<ShrinkTrial> of(
      ShrinkStudy study, List<ShrinkRow> rows, List<Long> seeds, List<String> overrides) {
    List<ShrinkTrial> trials = new ArrayList<>();
    for (long seed : seeds) {
      for (ShrinkRow row : rows) {
        List<String> all =
            Stream.of(Stream.of("seed=" + seed), overrides.stream(), row.overrides().stream())
                .flatMap(each -> each)
                .toList();
        trials.add(
            new ShrinkTrial(
                row, seed, new RecipeLoader().parse("shrink bench", study.recipe(), all)));
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
