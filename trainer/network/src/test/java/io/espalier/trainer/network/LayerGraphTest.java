package io.espalier.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.LayerConfig;
import io.espalier.configs.LayerConfig.Named;
import io.espalier.configs.LayerKinds;
import io.espalier.configs.ModelConfig;
import io.espalier.trainer.network.Network.GraphNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Layers of a recipe on the examples of its data. */
final class LayerGraphTest {
  private static final ImageShape COLOUR_8 = new ImageShape(3, 8, 8);
  private static final LayerConfig FLATTEN = RecipeLayers.of("flatten");

  private static Named named(String name, LayerConfig layer, String... from) {
    return new Named(name, layer, List.of(from));
  }

  private static LayerConfig convolution(int outputs, int kernel, int stride, int groups) {
    return RecipeLayers.convolution(outputs, kernel, stride, 0, groups, false);
  }

  private static LayerConfig linear(int outputs) {
    return RecipeLayers.linear(outputs, true);
  }

  /** Every kind of layer once or more. */
  private static List<Named> everyLayer() {
    return List.of(
        named("conv", convolution(4, 3, 1, 1), "input"),
        named("norm", RecipeLayers.of("batch-norm"), "conv"),
        named("groups", RecipeLayers.groupNorm(2), "norm"),
        named("whole", RecipeLayers.of("layer-norm"), "groups"),
        named("act", RecipeLayers.of("gelu"), "whole"),
        named("leaky", RecipeLayers.of("leaky-relu", Map.of("slope", 0.1)), "norm"),
        named("add", RecipeLayers.of("add"), "act", "leaky"),
        named("max", RecipeLayers.pool("max-pool", 2, 2, 0), "add"),
        named("mean", RecipeLayers.pool("average-pool", 2, 2, 0), "add"),
        named("concat", RecipeLayers.of("concat"), "max", "mean"),
        named("flatten", FLATTEN, "concat"),
        named("all", RecipeLayers.of("global-average-pool"), "concat"),
        named("both", RecipeLayers.of("concat"), "flatten", "all"),
        named("output", RecipeLayers.linear(RecipeLayers.CLASSES, false), "both"));
  }

  private static LayerConfig of(LayerKinds.Kind kind) {
    return new LayerConfig(kind, Map.of());
  }

  private static List<String> problemsOf(ImageShape input, Named... layers) {
    ModelConfig model = new ModelConfig(new ModelConfig.Layers(Arrays.asList(layers)));
    InvalidConfigException invalid =
        catchThrowableOfType(
            InvalidConfigException.class, () -> Network.of(model.architecture(), input, 10));
    return invalid.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void layers_everyKind_haveTheirPlaceInANetwork() {
    Set<LayerKinds.Kind> covered = new HashSet<>();
    everyLayer().forEach(layer -> covered.add(layer.layer().kind()));
    assertThat(new LayerRegistry().all())
        .filteredOn(kind -> !RecipeLayers.OF_SEQUENCES.contains(kind.name()))
        .filteredOn(
            kind ->
                kind.name().equals("linear")
                    || !RecipeLayers.activations()
                        .contains(LayerKind.layer(of(kind), DataSizes.of(4))))
        .allSatisfy(kind -> assertThat(covered).contains(kind));

    Network network = Network.of(new ModelConfig.Layers(everyLayer()), COLOUR_8, 10);

    assertThat(network.nodes())
        .extracting(GraphNode::name)
        .containsExactlyElementsOf(everyLayer().stream().map(Named::name).toList());
    assertThat(network.parameters())
        .extracting(spec -> spec.id() + " " + spec.shape().dimensions())
        .contains("conv.weight [4, 3, 3, 3]", "output.weight [10, 80]");
    assertThat(network.nodes())
        .extracting(GraphNode::layer)
        .contains(new GroupNorm(2, 1e-5f), new GroupNorm(1, 1e-5f));
  }

  @Test
  void layers_thatSpellOutANamedNetwork_giveTheSameParameters() {
    ModelConfig.Layers leNet =
        new ModelConfig.Layers(
            List.of(
                named("conv1", bias(20), "input"),
                named("pool1", RecipeLayers.pool("max-pool", 2, 2, 0), "conv1"),
                named("conv2", bias(50), "pool1"),
                named("pool2", RecipeLayers.pool("max-pool", 2, 2, 0), "conv2"),
                named("flatten", FLATTEN, "pool2"),
                named("fc1", linear(500), "flatten"),
                named("output", RecipeLayers.linear(RecipeLayers.CLASSES, true), "fc1")));
    ImageShape grey = new ImageShape(1, 28, 28);

    assertThat(Network.of(leNet, grey, 10).parameters())
        .isEqualTo(Network.of(new ModelConfig.LeNet5(), grey, 10).parameters());
  }

  private static LayerConfig bias(int outputs) {
    return RecipeLayers.convolution(outputs, 5, 1, 0, 1, true);
  }

  @Test
  void misfits_ofSeveralBranches_areReportedAllAtOnce() {
    assertThat(
            problemsOf(
                COLOUR_8,
                named("big", convolution(4, 9, 1, 1), "input"),
                named("behind", RecipeLayers.of("batch-norm"), "big"),
                named("uneven", convolution(4, 3, 1, 2), "input"),
                named("fc", linear(5), "input"),
                named("odd", RecipeLayers.groupNorm(2), "input"),
                named("half", RecipeLayers.pool("max-pool", 2, 2, 0), "input"),
                named("sum", RecipeLayers.of("add"), "half", "input"),
                named("join", RecipeLayers.of("concat"), "half", "input"),
                named(
                    "all", RecipeLayers.of("add"), "behind", "uneven", "fc", "odd", "sum", "join")))
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
                named("one", RecipeLayers.of("layer-norm"), "input"),
                named("wide", convolution(4, 1, 1, 1), "input"),
                named("each", RecipeLayers.groupNorm(4), "wide"),
                named("both", RecipeLayers.of("add"), "one", "each")))
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
                named("join", RecipeLayers.of("concat"), "wide", "fc")))
        .containsExactly(
            "model.layers[0].outputs: wide: its output must have at most 2147483647 values:"
                + " output=[2000000000, 8, 8]",
            "model.layers[2].outputs: fc: a weight must have at most 2147483647 units:"
                + " shape=[2000000000, 192]");
  }
}
