package io.espalier.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.plugin.PluginKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NetworkProviderTest {
  private static final ImageShape IMAGE = new ImageShape(2, 4, 4);

  /** One layer, or a mistake. */
  public static final class Own implements NetworkProvider {
    @Override
    public String name() {
      return "own";
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.name("fault", "none");
    }

    @Override
    @SuppressWarnings("NullAway")
    public Network build(MemberSettings settings, ImageShape input, DataSizes outputs) {
      return switch (settings.text("fault")) {
        case "null" -> null;
        case "thrown" -> throw new IllegalStateException("no idea");
        case "shape" -> NetworkBuilder.of(input).linear(outputs.classes()).build();
        case "input" -> NetworkBuilder.of(new ImageShape(1, 1, 1)).flatten().linear(3).build();
        case "classes" -> NetworkBuilder.of(input).flatten().linear(7).build();
        case "image" -> NetworkBuilder.of(input).convolution(3, 1).build();
        default -> NetworkBuilder.of(input).flatten().linear(outputs.classes()).build();
      };
    }
  }

  @Test
  void ownNetwork_ofARecipe_hasTheLayersThatItBuilds() {
    Network network = network("none");

    assertThat(network.input()).isEqualTo(IMAGE);
    assertThat(network.output()).isEqualTo(TensorShape.vector(3));
    assertThat(Network.parse(network.toJson()).toJson()).isEqualTo(network.toJson());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null | must not give null",
        "thrown | failed to be built for examples of 2×4×4: java.lang.IllegalStateException: no idea",
        "shape | must fit examples of 2×4×4: fc1: its input must be a vector",
        "input | must read examples as they are: input=1×1×1, examples=2×4×4",
        "classes | must end with a layer that gives one value per class: output=7, classes=3",
        "image | must end with a layer that gives one value per class: output=3×4×4, classes=3",
      })
  void ownNetwork_withAMistake_isRefusedByItsName(String fault, String rule) {
    assertThatThrownBy(() -> network(fault))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "network 'own' (class io.espalier.trainer.network.NetworkProviderTest$Own) " + rule);
  }

  @Test
  void unknownNetwork_ofARecipe_isRefused() {
    ModelConfig.Custom missing = new ModelConfig.Custom(MemberSettings.of("missing"));

    assertThatThrownBy(() -> Network.of(missing, IMAGE, 3))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must name one network on the class path: kind=missing, found=[]");
  }

  private static Network network(String fault) {
    return Network.of(
        new ModelConfig.Custom(MemberSettings.of("own").with("fault", fault)), IMAGE, 3);
  }
}
