package io.espalier.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import io.espalier.masks.ParameterId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class NetworksTest {
  private static final ImageShape GREY_28 = new ImageShape(1, 28, 28);

  @Test
  void registry_everyPermittedModel_isBuilt() {
    Set<Class<?>> covered = new HashSet<>();
    RecipeLayers.builtIn().forEach(model -> covered.add(model.getClass()));

    covered.add(ModelConfig.CharLm.class); // reads tokens, not images
    covered.add(ModelConfig.TextClassifier.class);
    covered.add(ModelConfig.Onnx.class); // read from a file, not laid out
    covered.add(ModelConfig.Custom.class); // built by a user's class
    assertThat(covered)
        .containsExactlyInAnyOrder(ModelConfig.Architecture.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("io.espalier.trainer.network.RecipeLayers#builtIn")
  void of_builtInModel_endsInNodeNamedOutputWithOneValuePerClass(ModelConfig.Architecture model) {
    Network network = Network.of(model, GREY_28, 10);

    assertThat(network.outputs()).isEqualTo(10);
    assertThat(network.nodes().get(network.nodes().size() - 1).name()).isEqualTo("output");
    assertThat(network.parameter(new ParameterId("output.weight"))).isPresent();
  }

  @Test
  void of_leNet300100_hasItsParametersInGraphOrder() {
    Network network = Network.of(new ModelConfig.LeNet300100(), GREY_28, 10);

    assertThat(network.parameters())
        .extracting(spec -> spec.id() + " " + spec.shape().dimensions() + " " + spec.role())
        .containsExactly(
            "fc1.weight [300, 784] WEIGHT",
            "fc1.bias [300] BIAS",
            "fc2.weight [100, 300] WEIGHT",
            "fc2.bias [100] BIAS",
            "output.weight [10, 100] WEIGHT",
            "output.bias [10] BIAS");
    assertThat(network.macs()).isEqualTo(784 * 300 + 300 * 100 + 100 * 10);
  }

  @Test
  void of_leNet5On28_has800InputsBehindItsConvolutions() {
    Network network = Network.of(new ModelConfig.LeNet5(), GREY_28, 10);

    assertThat(network.parameters())
        .extracting(spec -> spec.id() + " " + spec.shape().dimensions())
        .containsExactly(
            "conv1.weight [20, 1, 5, 5]",
            "conv1.bias [20]",
            "conv2.weight [50, 20, 5, 5]",
            "conv2.bias [50]",
            "fc1.weight [500, 800]",
            "fc1.bias [500]",
            "output.weight [10, 500]",
            "output.bias [10]");
    assertThat(network.parameters().stream().mapToInt(spec -> spec.shape().size()).sum())
        .isEqualTo(431_080);
  }

  @Test
  void macs_leNet5_countEveryPositionOfAKernel() {
    Network network = Network.of(new ModelConfig.LeNet5(), GREY_28, 10);

    assertThat(network.macsOf(new ParameterId("conv1.weight"))).isEqualTo(20 * 25 * 24 * 24);
    assertThat(network.macsOf(new ParameterId("conv2.weight"))).isEqualTo(50 * 500 * 8 * 8);
    assertThat(network.macsOf(new ParameterId("conv2.bias"))).isZero();
    assertThat(network.macs()).isEqualTo(288_000 + 1_600_000 + 400_000 + 5_000);
  }

  @Test
  void macsEffective_oneKeptUnitPerWeight_countsItsUses() {
    Network network = Network.of(new ModelConfig.LeNet5(), GREY_28, 10);

    assertThat(network.macsEffective(id -> 1)).isEqualTo(24 * 24 + 8 * 8 + 1 + 1);
  }

  @Test
  void macsOf_parameterOfAnotherNetwork_isRefused() {
    Network network = Network.of(new ModelConfig.LeNet300100(), GREY_28, 10);

    assertThatThrownBy(() -> network.macsOf(new ParameterId("conv1.weight")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("id=conv1.weight");
  }

  @Test
  void of_resNet8_hasThreeBlocksAndTwoProjections() {
    Network network = Network.of(new ModelConfig.ResNet(8, 16), new ImageShape(3, 32, 32), 10);

    assertThat(network.parameters())
        .extracting(spec -> spec.id() + " " + spec.shape().dimensions())
        .contains(
            "stem.conv.weight [16, 3, 3, 3]",
            "stage1.block1.norm1.scale [16]",
            "stage1.block1.norm1.shift [16]",
            "stage1.block1.norm1.mean [16]",
            "stage1.block1.norm1.variance [16]",
            "stage2.block1.shortcut.conv.weight [32, 16, 1, 1]",
            "stage3.block1.conv2.weight [64, 64, 3, 3]",
            "output.weight [10, 64]");
    assertThat(network.nodes()).filteredOn(node -> node.layer() instanceof Add).hasSize(3);
    assertThat(network.parameters().stream().mapToInt(spec -> spec.shape().size()).sum())
        .isEqualTo(78_714);
    assertThat(network.macs()).isEqualTo(resNet8Macs());
  }

  /** Kernel units times output positions, layer by layer. */
  private static long resNet8Macs() {
    long stem = 9L * 3 * 16 * 1024;
    long stage1 = 2 * 9L * 16 * 16 * 1024;
    long stage2 = (9L * 16 * 32 + 9L * 32 * 32 + 16 * 32) * 256;
    long stage3 = (9L * 32 * 64 + 9L * 64 * 64 + 32 * 64) * 64;
    return stem + stage1 + stage2 + stage3 + 640;
  }

  @Test
  void of_leNet5On8_isRefusedNamingTheLayer() {
    assertThatThrownBy(() -> Network.of(new ModelConfig.LeNet5(), new ImageShape(1, 8, 8), 10))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "model: lenet-5 does not fit examples of 1×8×8: conv2: its 5×5 window must fit the"
                + " input: input=20×2×2, padding=0; choose another model, or other sizes");
  }

  @Test
  void of_weightBeyondTheLargestArray_isRefused() {
    ModelConfig.Architecture wide = new ModelConfig.Mlp(List.of(2_000_000_000));

    assertThatThrownBy(() -> Network.of(wide, GREY_28, 10))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("fc1: a weight must have at most 2147483647 units");
  }

  @Test
  void add_nodeThatReadsALaterOne_isRefused() {
    Network.Builder graph = Network.builder(GREY_28);

    assertThatThrownBy(() -> graph.add("fc", new Linear(3, true), "flatten"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name=flatten");
  }

  @Test
  void add_secondNodeOfOneName_isRefused() {
    Network.Builder graph = Network.builder(GREY_28);
    graph.add("a", new Flatten(), Network.INPUT);

    assertThatThrownBy(() -> graph.add("a", new Flatten(), Network.INPUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name=a");
  }

  @Test
  void convolution_strideOfZero_isRefused() {
    assertThatThrownBy(() -> new Convolution(1, 3, 0, 0, 1, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("stride must be 1 or more: stride=0");
  }

  @Test
  void add_linearOnAnImage_asksForAFlatten() {
    Network.Builder graph = Network.builder(GREY_28);

    assertThatThrownBy(() -> graph.add("fc", new Linear(3, true), Network.INPUT))
        .hasMessage("its input must be a vector, so flatten it first: input=1×28×28");
  }
}
