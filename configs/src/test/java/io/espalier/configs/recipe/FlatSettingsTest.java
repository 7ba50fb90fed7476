package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import org.junit.jupiter.api.Test;

class FlatSettingsTest {
  @Test
  void of_resolvedRecipe_hasEverySettingByItsKeyButNoNames() {
    String recipe = new RecipeLoader().load("digits", List.of("tags=[mine]", "seed=7")).text();

    assertThat(FlatSettings.of(recipe))
        .contains(
            entry("seed", "7"),
            entry("prune.sparsity", "0.9"),
            entry("prune.schedule.kind", "cubic"),
            entry("model.hidden", "[64,32]"))
        .doesNotContainKeys("name", "tags");
  }

  @Test
  void of_noRecipe_isEmpty() {
    assertThat(FlatSettings.of("{ this is not")).isEmpty();
    assertThat(FlatSettings.of("")).isEmpty();
  }
}
