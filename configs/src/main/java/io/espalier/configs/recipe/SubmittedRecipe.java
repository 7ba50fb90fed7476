package io.espalier.configs.recipe;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A recipe from an untrusted client: few, short overrides, and shipped includes only. The caller
 * checks the files that it names.
 *
 * @param origin what errors call the text
 * @param overrides HOCON snippets; the later one wins
 */
public record SubmittedRecipe(String origin, String text, List<String> overrides) {
  private static final int MOST_OVERRIDES = 100;
  private static final int MOST_OVERRIDE_BYTES = 4 << 10;
  private static final RecipeLoader LOADER = new RecipeLoader();

  public SubmittedRecipe {
    overrides = List.copyOf(overrides);
  }

  /**
   * Resolves the recipe.
   *
   * @throws InvalidConfigException listing all errors
   */
  public ResolvedRecipe resolve() {
    List<Problem> problems = problems();
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
    return LOADER.parse(origin, text, overrides);
  }

  /** Resolves the recipe with further, trusted settings. */
  public ResolvedRecipe resolveWith(List<String> trusted) {
    List<String> all = new ArrayList<>(overrides);
    all.addAll(trusted);
    return LOADER.parse(origin, text, all);
  }

  private List<Problem> problems() {
    if (overrides.size() > MOST_OVERRIDES) {
      return List.of(
          problem("overrides", "at most 100 overrides may be given: this has " + overrides.size()));
    }
    boolean tooLong =
        overrides.stream()
            .anyMatch(
                override -> override.getBytes(StandardCharsets.UTF_8).length > MOST_OVERRIDE_BYTES);
    return tooLong
        ? List.of(problem("overrides", "an override must be at most 4096 bytes"))
        : List.of();
  }

  private Problem problem(String path, String message) {
    return new Problem(Optional.of(origin), path, message);
  }
}
