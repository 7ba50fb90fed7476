package io.espalier.bench.accuracy;

import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.file.Sha256;

/** One run of a bench; {@code sparsity} is its line's, 0 for the dense network. */
record Trial(TableLine line, double sparsity, ResolvedRecipe recipe) {
  RunConfig config() {
    return recipe.config();
  }

  long seed() {
    return config().seed();
  }

  /** Names everything that decides the result, so that a finished trial is recognised. */
  String key() {
    return "%s/%s/%s/%s"
        .formatted(line.row(), sparsity, seed(), Sha256.ofText(recipe.text()).substring(0, 16));
  }
}
