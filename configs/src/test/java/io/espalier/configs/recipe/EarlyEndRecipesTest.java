package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.KeepConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.StopEarlyConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EarlyEndRecipesTest {
  private final RecipeLoader loader = new RecipeLoader();

  @Test
  void recipe_withoutTheKeys_hasTheTextOfEarlierVersions() {
    ResolvedRecipe recipe = loader.load("digits", List.of());

    assertThat(recipe.text())
        .doesNotContain("keep-best", "keep-masks", "stop-early", "norm-batches");
    assertThat(recipe.config().train().keep()).isEqualTo(KeepConfig.FINAL);
    assertThat(recipe.config().train().clock().stopEarly()).isEmpty();
  }

  @Test
  void recipe_withAllKeys_loadsBackEqual() {
    ResolvedRecipe recipe =
        loader.load(
            "digits",
            List.of(
                "data.validation=10%",
                "train.keep-best=true",
                "train.keep-masks=all",
                "train.stop-early={kind=plateau,patience=3}"));

    RunConfig config = recipe.config();
    assertThat(config.train().keep()).isEqualTo(new KeepConfig(true, KeepConfig.Masks.ALL));
    assertThat(config.train().clock().stopEarly()).contains(new StopEarlyConfig(3, 0.001));
    assertThat(loader.stored("recipe.conf", recipe.text(), List.of()).config()).isEqualTo(config);
  }

  @Test
  void stopEarly_bareName_takesTheDefaults() {
    ResolvedRecipe recipe =
        loader.load("digits", List.of("data.validation=10%", "train.stop-early=plateau"));

    assertThat(recipe.config().train().clock().stopEarly()).contains(new StopEarlyConfig(5, 0.001));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.keep-best=true | data.validation=0% | train.keep-best: keep-best must be false"
            + " unless",
        "train.stop-early=plateau | data.validation=0% | train.stop-early: stop-early must be none"
            + " unless",
        "train.keep-best=true | train.evaluate-every=none | set data.validation, such as 5%",
        "train.stop-early={kind=plateau,patience=0} | seed=1 | patience must be 1 or more",
        "train.stop-early={kind=plateau,min-gain=100%} | seed=1 | min-gain must be at least 0% and"
            + " below",
        "train.norm-batches=0 | seed=1 | norm-batches must be from 1 to 65536: norm-batches=0",
        "train.keep-masks=some | seed=1 | keep-masks must be one of last, all"
      })
  void recipe_thatCannotKeepOrEnd_isRefusedWithTheWayOut(
      String setting, String other, String problem) {
    assertThatThrownBy(() -> loader.load("digits", List.of("data.validation=10%", other, setting)))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(problem);
  }
}
