package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.ModelConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code model.initial}: how recipes choose it, and what recipes from before it mean. */
final class InitialTest {
  private static final String DATA = "data = digits\n";

  private final RecipeLoader loader = new RecipeLoader();

  @Test
  void initial_overrides_keepWhatTheyDoNotName() {
    assertThat(initial("model = lenet-5", "model.initial=orthogonal"))
        .isEqualTo(settings("orthogonal", 1));
    assertThat(initial("model { kind = lenet-5, initial = orthogonal }", "model.initial.gain=2"))
        .isEqualTo(settings("orthogonal", 2));
    assertThat(initial("model.initial { kind = orthogonal, gain = 3 }\nmodel.kind = lenet-5"))
        .isEqualTo(settings("orthogonal", 3));
  }

  @Test
  void text_resolved_spellsItOutForEveryModel() {
    assertThat(loader.parse("my.conf", DATA + "model = lenet-5", List.of()).text())
        .contains(
            "model {\n  kind = lenet-5\n  initial {\n    kind = ", "    gain = 1.0\n  }\n}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model = lenet-300-100", "model { kind = mlp, hidden = [8] }"})
  void stored_recipeWithoutTheKey_isHeWhateverTheDefaultIs(String model) {
    String text = DATA + model;

    ResolvedRecipe stored = loader.stored("recipe.conf", text, List.of());

    assertThat(stored.config().model().initial()).isEqualTo(ModelConfig.HE);
    assertThat(stored.text()).isEqualTo(text);
    assertThat(
            EarlierVersions.completed(HoconText.text("recipe.conf", text))
                .toConfig()
                .getString("model.initial"))
        .as("spelled out, so that no default decides")
        .isEqualTo("he");
  }

  @Test
  void stored_recipeWithTheKey_keepsItsChoice() {
    ResolvedRecipe resolved =
        loader.parse(
            "my.conf", DATA + "model { kind = lenet-5, initial = uniform-fan-in }", List.of());

    assertThat(loader.stored("recipe.conf", resolved.text(), List.of())).isEqualTo(resolved);
  }

  @Test
  void stored_overrides_comeAfterWhatItsVersionDid() {
    String text = DATA + "model = lenet-5";

    assertThat(loader.stored("recipe.conf", text, List.of("model.initial.gain=2")).config())
        .extracting(config -> config.model().initial())
        .isEqualTo(settings("he", 2));
    ResolvedRecipe changed =
        loader.stored("recipe.conf", text, List.of("model.initial=orthogonal"));
    assertThat(changed.config().model().initial()).isEqualTo(settings("orthogonal", 1));
    assertThat(loader.stored("recipe.conf", changed.text(), List.of())).isEqualTo(changed);
  }

  private MemberSettings initial(String model, String... overrides) {
    return loader.parse("my.conf", DATA + model, List.of(overrides)).config().model().initial();
  }

  private static MemberSettings settings(String name, double gain) {
    return MemberSettings.of(name).with("gain", gain);
  }
}
