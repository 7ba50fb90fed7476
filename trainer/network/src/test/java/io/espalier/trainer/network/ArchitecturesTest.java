package io.espalier.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.ModelConfig;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.ParameterSpec.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameters and multiply-accumulates of the named networks, counted by hand. */
final class ArchitecturesTest {
  private static final ImageShape GREY_28 = new ImageShape(1, 28, 28);
  private static final ImageShape COLOUR_32 = new ImageShape(3, 32, 32);

  private static int trained(Network network) {
    return network.parameters().stream()
        .filter(spec -> spec.role().isTrained())
        .mapToInt(spec -> spec.shape().size())
        .sum();
  }

  private static long macs(Network network, String parameter) {
    return network.macsOf(new ParameterId(parameter));
  }

  @ParameterizedTest
  @CsvSource({
    "8, 78042",
    "14, 175258",
    "20, 272474",
    "26, 369690",
    "32, 466906",
    "38, 564122",
    "44, 661338",
    "50, 758554",
    "56, 855770"
  })
  void resNet_everyDepthAtWidth16_hasThePublishedParameters(int depth, int parameters) {
    Network network = Network.of(new ModelConfig.ResNet(depth, 16), COLOUR_32, 10);

    assertThat(trained(network)).isEqualTo(parameters);
    assertThat(
            network.nodes().stream()
                .filter(node -> !node.name().contains("shortcut"))
                .filter(
                    node -> node.layer() instanceof Convolution || node.layer() instanceof Linear))
        .hasSize(depth);
  }

  @Test
  void resNet20_onColourImages_has41MillionMacs() {
    Network network = Network.of(new ModelConfig.ResNet(20, 16), COLOUR_32, 10);

    long stem = 9 * 3 * 16 * 32 * 32;
    long stage1 = 6 * 9 * 16 * 16 * 32 * 32;
    long stage2 = (9 * 16 * 32 + 5 * 9 * 32 * 32 + 16 * 32) * 16 * 16;
    long stage3 = (9 * 32 * 64 + 5 * 9 * 64 * 64 + 32 * 64) * 8 * 8;
    assertThat(network.macs()).isEqualTo(stem + stage1 + stage2 + stage3 + 640);
    assertThat(network.macs()).isEqualTo(40_813_184);
  }

  @Test
  void resNet_widthDoubled_doublesEveryChannelCount() {
    Network network = Network.of(new ModelConfig.ResNet(14, 32), GREY_28, 10);

    assertThat(network.parameter(new ParameterId("stage3.block2.conv2.weight")))
        .hasValueSatisfying(
            spec -> assertThat(spec.shape().dimensions()).containsExactly(128, 128, 3, 3));
  }

  @Test
  void leNet5BatchNorm_on28_hasNormsInPlaceOfHiddenBiases() {
    Network network = Network.of(new ModelConfig.LeNet5BatchNorm(), GREY_28, 10);

    assertThat(network.parameters())
        .extracting(spec -> spec.id() + " " + spec.shape().dimensions())
        .filteredOn(text -> !text.contains("mean") && !text.contains("variance"))
        .containsExactly(
            "conv1.weight [20, 1, 5, 5]",
            "norm1.scale [20]",
            "norm1.shift [20]",
            "conv2.weight [50, 20, 5, 5]",
            "norm2.scale [50]",
            "norm2.shift [50]",
            "fc1.weight [500, 800]",
            "norm3.scale [500]",
            "norm3.shift [500]",
            "output.weight [10, 500]",
            "output.bias [10]");
    assertThat(trained(network)).isEqualTo(500 + 25_000 + 400_000 + 5_010 + 2 * (20 + 50 + 500));
    assertThat(network.macs()).isEqualTo(2_293_000);
  }

  @Test
  void mobileNet_on28_hasSevenSeparableBlocks() {
    Network network = Network.of(new ModelConfig.MobileNet(16), GREY_28, 10);

    int depthwise = 9 * (16 + 32 + 64 + 64 + 128 + 128 + 256);
    int pointwise = 16 * 32 + 32 * 64 + 64 * 64 + 64 * 128 + 128 * 128 + 128 * 256 + 256 * 256;
    int channels = 16 + (16 + 32 + 64 + 64 + 128 + 128 + 256) + (32 + 64 + 64 + 128 + 128 + 512);
    assertThat(trained(network)).isEqualTo(144 + depthwise + pointwise + 2 * channels + 2_570);
    assertThat(trained(network)).isEqualTo(141_706);
    assertThat(network.macs()).isEqualTo(4_920_384);
  }

  @Test
  void mobileNet_depthwiseWeights_arePrunableAndCountTheirOwnChannelOnly() {
    Network network = Network.of(new ModelConfig.MobileNet(16), GREY_28, 10);

    assertThat(network.parameter(new ParameterId("block2.depthwise.conv.weight")))
        .hasValueSatisfying(
            spec -> {
              assertThat(spec.shape().dimensions()).containsExactly(32, 1, 3, 3);
              assertThat(spec.role()).isEqualTo(Role.WEIGHT);
              assertThat(spec.fanIn()).isEqualTo(9);
              assertThat(spec.fanOut()).isEqualTo(9);
            });
    assertThat(macs(network, "block2.depthwise.conv.weight")).isEqualTo(32 * 9 * 14 * 14);
    assertThat(macs(network, "block2.pointwise.conv.weight")).isEqualTo(32 * 64 * 14 * 14);
    assertThat(macs(network, "block7.depthwise.conv.weight")).isEqualTo(256 * 9 * 4 * 4);
  }

  @Test
  void macs_groupedConvolution_areThoseOfItsPartOfTheChannels() {
    Network.Builder graph = Network.builder(new ImageShape(6, 8, 8));
    graph.add("conv", new Convolution(9, 3, 1, 1, 3, true), Network.INPUT);

    Network network = graph.build();

    assertThat(network.parameters().get(0).shape().dimensions()).containsExactly(9, 2, 3, 3);
    assertThat(network.macs()).isEqualTo(9 * 2 * 9 * 64);
  }
}
