package io.espalier.cli.runs;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A recipe as sent: whole, so that the service needs no local file. {@code origin} is the file's
 * name; the text lacks {@code overrides}.
 *
 * @param read the recipe as this program reads it; empty if only the service can
 */
record PackagedRecipe(
    String recipe, Optional<String> origin, List<String> overrides, Optional<ResolvedRecipe> read) {
  PackagedRecipe {
    overrides = List.copyOf(overrides);
  }

  /**
   * Reads a file if it exists, else takes a shipped name. Throws {@link InvalidConfigException} if
   * a file breaks a rule.
   */
  static PackagedRecipe of(String named, List<String> overrides) throws IOException {
    Path file = Path.of(named);
    if (!Files.isRegularFile(file)) {
      return new PackagedRecipe(named, Optional.empty(), overrides, shipped(named, overrides));
    }
    ResolvedRecipe resolved = new RecipeLoader().load(named, overrides);
    Optional<String> origin = Optional.of(originOf(file));
    String text = Files.readString(file);
    return isWhole(text, overrides)
        ? new PackagedRecipe(text, origin, overrides, Optional.of(resolved))
        : new PackagedRecipe(resolved.text(), origin, List.of(), Optional.of(resolved));
  }

  private static Optional<ResolvedRecipe> shipped(String name, List<String> overrides) {
    try {
      return Optional.of(new RecipeLoader().load(name, overrides));
    } catch (InvalidConfigException refusedByTheServiceToo) {
      return Optional.empty();
    }
  }

  static InvalidConfigException located(
      InvalidConfigException refused, String named, List<String> overrides) {
    if (!Files.isRegularFile(Path.of(named))) {
      return refused;
    }
    List<Problem> bare =
        refused.problems().stream()
            .map(each -> new Problem(Optional.empty(), each.path(), each.message()))
            .toList();
    return new RecipeLoader().located(new InvalidConfigException(bare), named, overrides);
  }

  private static boolean isWhole(String text, List<String> overrides) {
    try {
      new RecipeLoader().parse("recipe", text, overrides);
      return true;
    } catch (InvalidConfigException e) {
      return false;
    }
  }

  private static String originOf(Path file) {
    String name = file.getFileName().toString().replaceAll("[^A-Za-z0-9._ -]", "-");
    String fitting = name.replaceFirst("^[^A-Za-z0-9]+", "");
    return fitting.isEmpty()
        ? "recipe.conf"
        : fitting.substring(0, Math.min(100, fitting.length()));
  }
}
