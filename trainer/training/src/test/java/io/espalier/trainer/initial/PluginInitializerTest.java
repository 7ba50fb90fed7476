package io.espalier.trainer.initial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.RunConfig;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.prepare.InitialValues;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A user's initializer, as a recipe names it. */
final class PluginInitializerTest {
  /** Sets all weights to one value, or fails. */
  public static final class Erratic implements InitializerProvider {
    @Override
    public String name() {
      return "erratic";
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.text("value", "1");
    }

    @Override
    @SuppressWarnings("NullAway") // what a user's compiler lets pass
    public Initializer create(MemberSettings settings) {
      String value = settings.text("value");
      return value.equals("null")
          ? null
          : (weight, random, values) -> Arrays.fill(values, Float.parseFloat(value));
    }
  }

  private static RunConfig recipe(String value) {
    return new RecipeLoader()
        .parse(
            "my.conf",
            "data = digits, model { kind = mlp, hidden = [2], initial { kind = erratic, value = \"%s\" } }"
                .formatted(value),
            List.of())
        .config();
  }

  private static Network network(RunConfig config) {
    return Network.of(config.model().architecture(), new ImageShape(1, 1, 3), 2);
  }

  @Test
  void recipe_thatNamesIt_drawsByIt() {
    RunConfig config = recipe("0.5");

    assertThat(InitialValues.of(config, network(config)))
        .containsExactly(
            new float[] {.5f, .5f, .5f, .5f, .5f, .5f},
            new float[] {0, 0},
            new float[] {.5f, .5f, .5f, .5f},
            new float[] {0, 0});
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null | must not give null when asked to be created",
        "NaN | must draw finite values: parameter=fc1.weight, index=0, value=NaN",
        "much | failed to draw fc1.weight: java.lang.NumberFormatException: For input string:"
            + " \"much\"",
      })
  void verify_codeThatFails_isRefusedAndNamed(String value, String problem) {
    RunConfig config = recipe(value);

    assertThatThrownBy(() -> InitialValues.verify(config, network(config), notice -> {}))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "model.initial: initializer 'erratic' (class %s) %s", Erratic.class.getName(), problem);
  }
}
