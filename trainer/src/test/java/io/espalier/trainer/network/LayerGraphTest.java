package io.espalier.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.LayerConfig;
import io.espalier.configs.LayerConfig.Classes;
import io.espalier.configs.LayerConfig.Fixed;
import io.espalier.configs.LayerConfig.Named;
import io.espalier.configs.LayerConfig.Window;
import io.espalier.configs.ModelConfig;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Layers of a recipe on the examples of its data. */
final class LayerGraphTest {
  private static final ImageShape COLOUR_8 = new ImageShape(3, 8, 8);
  private static final LayerConfig FLATTEN = new LayerConfig.Flatten();

  private static Named named(String name, LayerConfig layer, String... from) {
    return new Named(name, layer, List.of(from));
  }

  private static LayerConfig convolution(int outputs, int kernel, int stride, int groups) {
    return new LayerConfig.Convolution(
        new Fixed(outputs), new Window(kernel, stride, 0), groups, false);
  }

  private static LayerConfig linear(int outputs) {
    return new LayerConfig.Linear(new Fixed(outputs), true);
  }

  /** Every kind of layer once or more. */
  private static List<Named> everyLayer() {
    Window two = new Window(2, 2, 0);
    return List.of(
        named("conv", convolution(4, 3, 1, 1), "input"),
        named("norm", new LayerConfig.BatchNorm(), "conv"),
        named("groups", new LayerConfig.GroupNorm(2), "norm"),
        named("whole", new LayerConfig.LayerNorm(), "groups"),
        named("act", new LayerConfig.Activation(LayerConfig.Function.GELU), "whole"),
        named("leaky", new LayerConfig.LeakyRelu(0.1), "norm"),
        named("add", new LayerConfig.Add(), "act", "leaky"),
        named("max", new LayerConfig.MaxPool(two), "add"),
        named("mean", new LayerConfig.AveragePool(two), "add"),
        named("concat", new LayerConfig.Concat(), "max", "mean"),
        named("flatten", FLATTEN, "concat"),
        named("all", new LayerConfig.GlobalAveragePool(), "concat"),
        named("both", new LayerConfig.Concat(), "flatten", "all"),
        named("output", new LayerConfig.Linear(new Classes(), false), "both"));
  }

  private static List<String> problemsOf(ImageShape input, Named... layers) {
    ModelConfig model = new ModelConfig(new ModelConfig.Layers(Arrays.asList(layers)));
    InvalidConfigException invalid =
        catchThrowableOfType(
            InvalidConfigException.class, () -> Networks.of(model.architecture(), input, 10));
    return invalid.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void layers_everyPermittedKind_haveTheirPlaceInANetwork() {
    Set<Class<?>> covered = new HashSet<>();
    everyLayer().forEach(layer -> covered.add(layer.layer().getClass()));
    assertThat(covered).containsExactlyInAnyOrder(LayerConfig.class.getPermittedSubclasses());

    Network network = Networks.of(new ModelConfig.Layers(everyLayer()), COLOUR_8, 10);

    assertThat(network.nodes())
        .extracting(GraphNode::name)
        .containsExactlyElementsOf(everyLayer().stream().map(Named::name).toList());
    assertThat(network.parameters())
        .extracting(spec -> spec.id() + " " + spec.shape().dimensions())
        .contains("conv.weight [4, 3, 3, 3]", "output.weight [10, 80]");
    assertThat(network.nodes())
        .extracting(GraphNode::layer)
        .contains(new Layer.GroupNorm(2, 1e-5f), new Layer.GroupNorm(1, 1e-5f));
  }

  @Test
  void layers_thatSpellOutANamedNetwork_giveTheSameParameters() {
    ModelConfig.Layers leNet =
        new ModelConfig.Layers(
            List.of(
                named("conv1", bias(20), "input"),
                named("pool1", new LayerConfig.MaxPool(new Window(2, 2, 0)), "conv1"),
                named("conv2", bias(50), "pool1"),
                named("pool2", new LayerConfig.MaxPool(new Window(2, 2, 0)), "conv2"),
                named("flatten", FLATTEN, "pool2"),
                named("fc1", linear(500), "flatten"),
                named("output", new LayerConfig.Linear(new Classes(), true), "fc1")));
    ImageShape grey = new ImageShape(1, 28, 28);

    assertThat(Networks.of(leNet, grey, 10).parameters())
        .isEqualTo(Networks.of(new ModelConfig.LeNet5(), grey, 10).parameters());
  }

  private static LayerConfig bias(int outputs) {
    return new LayerConfig.Convolution(new Fixed(outputs), new Window(5, 1, 0), 1, true);
  }

  @Test
  void misfits_ofSeveralBranches_areReportedAllAtOnce() {
    assertThat(
            problemsOf(
                COLOUR_8,
                named("big", convolution(4, 9, 1, 1), "input"),
                named("behind", new LayerConfig.BatchNorm(), "big"),
                named("uneven", convolution(4, 3, 1, 2), "input"),
                named("fc", linear(5), "input"),
                named("odd", new LayerConfig.GroupNorm(2), "input"),
                named("half", new LayerConfig.MaxPool(new Window(2, 2, 0)), "input"),
                named("sum", new LayerConfig.Add(), "half", "input"),
                named("join", new LayerConfig.Concat(), "half", "input"),
                named(
                    "all", new LayerConfig.Add(), "behind", "uneven", "fc", "odd", "sum", "join")))
        .containsExactly(
            "model.layers[0].kernel: big: its 9×9 window must fit the input: input=3×8×8,"
                + " padding=0",
            "model.layers[2].groups: uneven: its groups must divide its channels: groups=2,"
                + " input=3×8×8, outputs=4",
            "model.layers[3].from: fc: its input must be a vector, so flatten it first:"
                + " input=3×8×8",
            "model.layers[4].groups: odd: its groups must divide its channels: groups=2,"
                + " input=3×8×8",
            "model.layers[6].from: sum: its inputs must have one shape: inputs=[3×4×4, 3×8×8]",
            "model.layers[7].from: join: its inputs must differ in their channels only:"
                + " inputs=[3×4×4, 3×8×8]");
  }

  @Test
  void groupNorms_ofSingleValues_areNamedWithTheKeyToBlame() {
    assertThat(
            problemsOf(
                new ImageShape(1, 1, 1),
                named("one", new LayerConfig.LayerNorm(), "input"),
                named("wide", convolution(4, 1, 1, 1), "input"),
                named("each", new LayerConfig.GroupNorm(4), "wide"),
                named("both", new LayerConfig.Add(), "one", "each")))
        .containsExactly(
            "model.layers[0].from: one: each of its groups must have two values or more: groups=1,"
                + " input=1×1×1",
            "model.layers[2].groups: each: each of its groups must have two values or more:"
                + " groups=4, input=4×1×1");
  }

  @Test
  void lastLayer_ofOtherThanTheClasses_isNamedWithItsOutputs() {
    assertThat(
            problemsOf(
                COLOUR_8, named("flatten", FLATTEN, "input"), named("fc", linear(7), "flatten")))
        .containsExactly(
            "model.layers[1].outputs: fc: the last layer must give one value per class: output=7,"
                + " classes=10; write outputs = classes");
    assertThat(problemsOf(COLOUR_8, named("flatten", FLATTEN, "input")))
        .containsExactly(
            "model.layers[0].kind: flatten: the last layer must give one value per class:"
                + " output=192, classes=10; end with a linear layer");
  }

  @Test
  void outputs_beyondTheLargestArray_areRefused() {
    assertThat(
            problemsOf(
                COLOUR_8,
                named("wide", convolution(2_000_000_000, 1, 1, 1), "input"),
                named("flatten", FLATTEN, "input"),
                named("fc", linear(2_000_000_000), "flatten"),
                named("join", new LayerConfig.Concat(), "wide", "fc")))
        .containsExactly(
            "model.layers[0].outputs: wide: its output must have at most 2147483647 values:"
                + " output=[2000000000, 8, 8]",
            "model.layers[2].outputs: fc: a weight must have at most 2147483647 units:"
                + " shape=[2000000000, 192]");
  }
}
