package io.espalier.trainer.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.recipe.FlatSettings;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.RecipeReference;
import io.espalier.configs.recipe.Recipes;
import io.espalier.configs.recipe.ResolvedRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of every family in place of that of a shipped recipe. */
final class KindsOfShippedRecipesTest {
  private static final Map<String, List<String>> FAMILIES = RecipeReference.installed().families();

  /** Families that only some kinds of the block around them have. */
  private static final Set<String> OF_SOME = Set.of("data.vocabulary", "federation.aggregation");

  static List<String> recipes() {
    return Recipes.names();
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void switch_toAnyOtherKind_loadsOrNamesWhatMustBeGiven(String name) {
    ResolvedRecipe recipe = new RecipeLoader().load(name, List.of());
    Set<String> settings = FlatSettings.of(recipe.text()).keySet();
    List<Problem> problems = new ArrayList<>();
    int loaded = 0;

    for (Map.Entry<String, List<String>> family : FAMILIES.entrySet()) {
      String path = family.getKey();
      boolean has = settings.contains(path) || settings.contains(path + ".kind");
      if (path.endsWith("[]") || (OF_SOME.contains(path) && !has)) {
        continue;
      }
      for (String kind : family.getValue()) {
        Optional<InvalidConfigException> refusal = refusal(name, path + ".kind=" + kind);
        loaded += refusal.isEmpty() ? 1 : 0;
        refusal.ifPresent(refused -> problems.addAll(refused.problems()));
      }
    }

    assertThat(loaded).isGreaterThan(40);
    assertThat(problems)
        .extracting(Problem::message)
        .allSatisfy(
            message ->
                assertThat(message)
                    .doesNotContain("unknown key", " is a key of kind")
                    .contains(" must "));
  }

  private static Optional<InvalidConfigException> refusal(String recipe, String override) {
    try {
      assertThat(new RecipeLoader().load(recipe, List.of(override))).isNotNull();
      return Optional.empty();
    } catch (InvalidConfigException e) {
      return Optional.of(e);
    }
  }
}
