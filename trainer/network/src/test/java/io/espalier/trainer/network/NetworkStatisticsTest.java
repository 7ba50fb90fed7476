package io.espalier.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.ModelConfig;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.statistic.WeightUses;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A weight is used once per example for each place of its layer's output. */
final class NetworkStatisticsTest {
  private static final ImageShape GREY_28 = new ImageShape(1, 28, 28);

  private static List<String> uses(Network network) {
    List<ParameterShape> weights =
        network.parameters().stream()
            .filter(spec -> spec.role() == ParameterSpec.Role.WEIGHT)
            .map(ParameterSpec::shape)
            .toList();
    Statistics statistics = NetworkStatistics.of(network, weights);
    List<String> uses = new ArrayList<>();
    for (int p = 0; p < weights.size(); p++) {
      float[] each = statistics.of(WeightUses.REQUEST, p).get(0);
      assertThat(each).hasSize(1);
      uses.add("%s %.0f".formatted(weights.get(p).id().name(), each[0]));
    }
    return uses;
  }

  @Test
  void uses_ofConvolutionsAndVectors_arePlacesAndOne() {
    assertThat(uses(Network.of(new ModelConfig.LeNet5(), GREY_28, 10)))
        .containsExactly(
            "conv1.weight " + 24 * 24, "conv2.weight " + 8 * 8, "fc1.weight 1", "output.weight 1");
  }

  /** From 28 to 14 and 5; groups change the size of a weight, not its uses. */
  @Test
  void uses_ofStridedAndGroupedConvolutions_arePlacesOfTheirOutput() {
    ModelConfig.Layers layers =
        new ModelConfig.Layers(
            List.of(
                RecipeLayers.named("wide", RecipeLayers.convolution(8, 3, 2, 1, 1, true), "input"),
                RecipeLayers.named(
                    "grouped", RecipeLayers.convolution(8, 3, 3, 1, 4, false), "wide"),
                RecipeLayers.named("flatten", RecipeLayers.of("flatten"), "grouped"),
                RecipeLayers.named(
                    "output", RecipeLayers.linear(RecipeLayers.CLASSES, true), "flatten")));

    assertThat(uses(Network.of(layers, GREY_28, 10)))
        .containsExactly("wide.weight " + 14 * 14, "grouped.weight " + 5 * 5, "output.weight 1");
  }

  /** 28 / 4 = 7 patches a side; positions are added, not multiplied. */
  @Test
  void uses_ofLinearLayersOfPositions_arePositions() {
    Network network =
        Network.of(new ModelConfig.TinyVit(4, 1, 8, 2, 16, ModelConfig.Pooling.MEAN), GREY_28, 10);

    assertThat(uses(network))
        .containsExactly(
            "patches.weight 49",
            "positions.weight 0",
            "block1.attention.query.weight 49",
            "block1.attention.key.weight 49",
            "block1.attention.value.weight 49",
            "block1.attention.output.weight 49",
            "block1.ffn.up.weight 49",
            "block1.ffn.down.weight 49",
            "output.weight 1");
  }
}
