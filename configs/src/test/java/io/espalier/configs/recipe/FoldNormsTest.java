package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code train.fold-norms}: new runs have it, runs that began without it do not. */
final class FoldNormsTest {
  private static final String RECIPE = "data = digits\nmodel = resnet-8\n";

  private final RecipeLoader loader = new RecipeLoader();

  @Test
  void newRun_foldsNormsAndRecordsIt() {
    ResolvedRecipe resolved = loader.parse("my.conf", RECIPE, List.of());

    assertThat(resolved.config().train().compute().norms().fold()).isTrue();
    assertThat(resolved.text()).contains("  fold-norms = true\n");
    assertThat(loader.stored("recipe.conf", resolved.text(), List.of())).isEqualTo(resolved);
  }

  @Test
  void stored_recipeWithoutTheKey_keepsTheNormsOfItsVersion() {
    ResolvedRecipe stored = loader.stored("recipe.conf", RECIPE, List.of());

    assertThat(stored.config().train().compute().norms().fold()).isFalse();
    assertThat(stored.text()).isEqualTo(RECIPE);
  }

  @Test
  void completed_recipeWithoutTheKey_spellsOutWhatItsVersionDid() {
    ResolvedRecipe completed = loader.completed("recipe.conf", RECIPE, List.of());

    assertThat(completed.text()).contains("  fold-norms = false\n", "    kind = he\n");
    assertThat(ResumeOverrides.verified(completed, loader.parse("r", completed.text(), List.of())))
        .isEmpty();
  }
}
