package io.espalier.trainer.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.Recipes;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShippedRecipesTest {
  @ParameterizedTest
  @MethodSource("shipped")
  void shippedRecipe_resolvedAndReadAgain_isEqual(String name) {
    var recipe = new RecipeLoader().load(name, List.of());

    assertThat(new RecipeLoader().parse("recipe.conf", recipe.text(), List.of())).isEqualTo(recipe);
  }

  static List<String> shipped() {
    return Recipes.names();
  }
}
