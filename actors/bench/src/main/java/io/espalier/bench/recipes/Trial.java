package io.espalier.bench.recipes;

import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.ResolvedRecipe;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One run of a bench.
 *
 * @param sparsity that of the line it belongs to; 0 for the dense network
 */
record Trial(RecipeRow row, double sparsity, ResolvedRecipe recipe) {
  RunConfig config() {
    return recipe.config();
  }

  long seed() {
    return config().seed();
  }

  /** Names everything that decides the result, so that a finished trial is known again. */
  String key() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] digest = sha.digest(recipe.text().getBytes(StandardCharsets.UTF_8));
      return "%s/%s/%s/%s".formatted(row, sparsity, seed(), HexFormat.of().formatHex(digest, 0, 8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java must have SHA-256", e);
    }
  }
}
