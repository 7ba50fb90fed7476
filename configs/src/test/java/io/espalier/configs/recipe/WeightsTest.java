package io.espalier.configs.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.WeightsConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code model.weights}: how a recipe names the values that a run starts from. */
final class WeightsTest {
  private static final String DIGEST = "0123456789abcdef".repeat(4);

  @Test
  void weights_leftOut_areDrawn() {
    assertThat(weights("model = lenet-5")).isEmpty();
  }

  @Test
  void weights_barePath_isAFileOfOurNames() {
    assertThat(weights("model { kind = mlp, weights = nets/a.safetensors }"))
        .contains(WeightsConfig.of(Path.of("nets/a.safetensors").toAbsolutePath()));
  }

  @Test
  void weights_block_hasEveryKey() {
    assertThat(
            weights(
                """
                model {
                  kind = lenet-5
                  weights {
                    file = /a.safetensors
                    names { fc1.weight = layers.0.weight, "conv*.bias" = "features.*.b" }
                    transpose = ["fc?.weight"]
                    ignore = ["*.num_batches_tracked"]
                    draw = ["output.*"]
                  }
                }
                """))
        .contains(
            new WeightsConfig(
                Path.of("/a.safetensors"),
                Optional.empty(),
                Map.of("fc1.weight", "layers.0.weight", "conv*.bias", "features.*.b"),
                List.of("fc?.weight"),
                List.of("*.num_batches_tracked"),
                List.of("output.*")));
  }

  @Test
  void override_ofOneKeyOverABarePath_keepsThePath() {
    assertThat(
            weights(
                "model { kind = lenet-5, weights = /a.safetensors }",
                "model.weights.sha256=" + DIGEST))
        .hasValueSatisfying(
            weights -> {
              assertThat(weights.file()).isEqualTo(Path.of("/a.safetensors"));
              assertThat(weights.sha256()).contains(DIGEST);
            });
  }

  @Test
  void override_ofThePath_takesItsPlace() {
    assertThat(
            weights("model { kind = lenet-5, weights = /a.safetensors }", "model.weights=/b@2/c"))
        .contains(WeightsConfig.of(Path.of("/b@2/c")));
  }

  @Test
  void names_withDifferentStars_areRefused() {
    assertThatThrownBy(
            () ->
                weights("model { kind = lenet-5, weights { file = a, names { \"f*\" = \"x\" } } }"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "model.weights.names: names must be parameter = tensor, with as many * in the one as in"
                + " the other");
  }

  @Test
  void weights_list_areRefused() {
    assertThatThrownBy(() -> weights("model { kind = lenet-5, weights = [a, b] }"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("model.weights: weights must be a path: weights=[\"a\",\"b\"]");
  }

  private static Optional<WeightsConfig> weights(String model, String... overrides) {
    return new RecipeLoader()
        .parse("test.conf", "data = digits\n" + model, List.of(overrides))
        .config()
        .model()
        .weights();
  }
}
