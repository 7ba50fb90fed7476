package io.espalier.bench.units;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.file.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One run of a line, and how its steps are timed once it has ended. */
record UnitTrial(UnitStudy study, UnitRow row, long seed, ResolvedRecipe recipe) {
  /** All runs, line by line, with HOCON {@code overrides} laid over the recipe of every line. */
  static List<UnitTrial> of(
      UnitStudy study, List<UnitRow> rows, List<Long> seeds, List<String> overrides) {
    List<UnitTrial> trials = new ArrayList<>();
    for (UnitRow row : rows) {
      for (long seed : seeds) {
        List<String> own =
            Stream.of(Stream.of("seed=" + seed), overrides.stream(), row.overrides().stream())
                .flatMap(each -> each)
                .toList();
        trials.add(
            new UnitTrial(
                study, row, seed, new RecipeLoader().parse("units bench", study.recipe(), own)));
      }
    }
    return trials;
  }

  String network() {
    return study.network();
  }

  /** Names what decides the result: the recipe and how steps are timed. */
  String key(String timing) {
    String decided = Sha256.ofText(recipe.text() + row.timed() + timing).substring(0, 12);
    return "%s-%s-seed-%d-%s"
        .formatted(network(), row.label().replaceAll("[^a-z0-9]+", "-"), seed, decided);
  }
}
