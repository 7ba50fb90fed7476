package io.espalier.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.ModelConfig;
import io.espalier.trainer.network.Network.GraphNode;
import org.junit.jupiter.api.Test;

final class NetworkBuilderTest {
  private static final ImageShape IMAGE = new ImageShape(1, 8, 8);

  @Test
  void layers_withoutNames_areNumberedByKindAndReadTheOneBefore() {
    Network network =
        NetworkBuilder.of(IMAGE)
            .convolution(4, 3)
            .relu()
            .convolution(4, 3, 2)
            .norm()
            .activation(Activation.Function.GELU_TANH)
            .maxPool(2)
            .flatten()
            .linear(10)
            .build();

    assertThat(network.nodes())
        .extracting(GraphNode::name)
        .containsExactly(
            "conv1", "relu1", "conv2", "norm1", "gelu-tanh1", "pool1", "flatten1", "fc1");
    assertThat(network.shapeOf("conv2")).isEqualTo(TensorShape.image(4, 4, 4));
    assertThat(network.output()).isEqualTo(TensorShape.vector(10));
  }

  @Test
  void residual_withShortcut_addsBothWaysUnderItsName() {
    NetworkBuilder builder = NetworkBuilder.of(IMAGE).convolution(4, 3);

    Network network =
        builder
            .residual(
                "block1",
                branch -> branch.convolution(8, 3, 2).norm(),
                shortcut -> shortcut.convolution(8, 1, 2))
            .residual("block2", branch -> branch.convolution(8, 3, 1).relu())
            .build();

    assertThat(network.nodes())
        .extracting(node -> node.name() + node.inputs())
        .containsExactly(
            "conv1[input]",
            "block1.conv1[conv1]",
            "block1.norm1[block1.conv1]",
            "block1.shortcut.conv1[conv1]",
            "block1.add1[block1.norm1, block1.shortcut.conv1]",
            "block2.conv1[block1.add1]",
            "block2.relu1[block2.conv1]",
            "block2.add1[block2.relu1, block1.add1]");
  }

  @Test
  void number_thatANamedLayerHas_isLeftOut() {
    Network network =
        NetworkBuilder.of(IMAGE)
            .add("relu1", new Activation(Activation.Function.RELU), Network.INPUT)
            .relu()
            .build();

    assertThat(network.nodes()).extracting(GraphNode::name).containsExactly("relu1", "relu2");
  }

  @Test
  void builtInNetwork_builtAgain_isEqualButForNames() {
    Network own =
        NetworkBuilder.of(IMAGE).flatten().linear(300).relu().linear(100).relu().linear(10).build();
    Network builtIn = Network.of(new ModelConfig.LeNet300100(), IMAGE, 10);

    assertThat(own.nodes())
        .extracting(GraphNode::layer)
        .isEqualTo(builtIn.nodes().stream().map(GraphNode::layer).toList());
    assertThat(own.macs()).isEqualTo(builtIn.macs());
  }

  @Test
  void layer_thatDoesNotFit_isNamed() {
    NetworkBuilder builder = NetworkBuilder.of(IMAGE).relu();

    assertThatThrownBy(() -> builder.linear(10))
        .isInstanceOf(TensorShape.MismatchException.class)
        .hasMessage("fc1: its input must be a vector, so flatten it first: input=1×8×8");
    assertThatThrownBy(() -> builder.from("fc1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a node must be added before it is read: name=fc1");
  }
}
