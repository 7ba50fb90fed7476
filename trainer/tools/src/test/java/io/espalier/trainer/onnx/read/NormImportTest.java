package io.espalier.trainer.onnx.read;

import static io.espalier.trainer.onnx.read.HandGraph.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Activation.Function;
import io.espalier.trainer.network.Add;
import io.espalier.trainer.network.ChannelAffine;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.GroupNorm;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.ImportedNetwork;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.NormLayer;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.onnx.OnnxExport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Norms over groups as files have them; {@link OnnxImportTest} runs them beside ONNX Runtime. */
class NormImportTest {
  @Test
  void import_ofWhatWasExported_isTheSameNetwork() {
    Layer relu = new Activation(Function.RELU);
    Network network =
        Network.of(
            new ImageShape(1, 8, 8),
            List.of(
                new GraphNode("conv", new Convolution(6, 3, 1, 1, 1, false), List.of("input")),
                new GraphNode("norm1", new GroupNorm(3, 0.01f), List.of("conv")),
                new GraphNode("relu", relu, List.of("norm1")),
                new GraphNode("norm2", new GroupNorm(6, Layer.EPSILON), List.of("relu")),
                new GraphNode("norm3", new GroupNorm(1, Layer.EPSILON), List.of("norm2")),
                new GraphNode("flatten", new Flatten(), List.of("norm3")),
                new GraphNode("fc1", new Linear(12, false), List.of("flatten")),
                new GraphNode("norm4", new GroupNorm(1, Layer.EPSILON), List.of("fc1")),
                new GraphNode("fc2", new Linear(8, true), List.of("norm4")),
                new GraphNode("norm5", new GroupNorm(2, Layer.EPSILON), List.of("fc2")),
                new GraphNode("output", new Linear(10, true), List.of("norm5"))));
    Map<ParameterId, float[]> values = values(network);

    ImportedNetwork imported =
        OnnxImportTest.imported(OnnxExport.of(network, false, values::get, Map.of()).bytes());

    assertThat(imported.network().nodes()).extracting(GraphNode::layer).isEqualTo(layers(network));
    assertThat(imported.network().parameters()).isEqualTo(network.parameters());
    for (int i = 0; i < network.parameters().size(); i++) {
      assertThat(imported.values().get(i)).isEqualTo(values.get(network.parameters().get(i).id()));
    }
  }

  private static List<Layer> layers(Network network) {
    return network.nodes().stream().map(GraphNode::layer).toList();
  }

  private static Map<ParameterId, float[]> values(Network network) {
    Random random = new Random(1);
    Map<ParameterId, float[]> values = new LinkedHashMap<>();
    for (ParameterSpec spec : network.parameters()) {
      float[] drawn = new float[spec.shape().size()];
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] = random.nextFloat() * 2 - 1;
      }
      values.put(spec.id(), drawn);
    }
    return values;
  }

  @Test
  void import_groupNorms_becomesOneLayerEach_namedAsItsWeights() {
    ImportedNetwork imported = OnnxImportTest.imported(HandNetworks.groupNorms());

    assertThat(layers(imported.network()))
        .filteredOn(NormLayer.class::isInstance)
        .containsExactly(
            new GroupNorm(3, Layer.EPSILON),
            new GroupNorm(4, 1e-3f),
            new GroupNorm(8, Layer.EPSILON),
            new GroupNorm(1, Layer.EPSILON));
    assertThat(layers(imported.network()))
        .extracting(layer -> layer.getClass().getSimpleName())
        .doesNotContain("ChannelAffine", "Affine");
    assertThat(imported.network().parameters())
        .extracting(spec -> spec.id().name())
        .contains("norm1.scale", "norm1.shift", "norm2.scale", "norm3.shift", "norm4.scale");
  }

  @Test
  void import_groupNormThatIsReadTwice_keepsItsScaleApart() {
    HandGraph graph = new HandGraph(17, 1, 1, 8, 8);
    String conv = graph.node("Conv", "x", graph.weight("w", 4, 1, 1, 1));
    String bare =
        graph.node(
            "InstanceNormalization",
            conv,
            graph.floats("ones", new float[] {1, 1, 1, 1}, 4),
            graph.floats("zeros", new float[4], 4));
    String scaled = graph.node("Mul", bare, graph.uniform("scale", 0.5f, 1.5f, 4, 1, 1));
    String last = graph.node("Flatten", graph.node("Add", scaled, bare));
    byte[] file = graph.bytes(graph.node("MatMul", last, graph.weight("v", 256, 10)), 10);

    assertThat(layers(OnnxImportTest.imported(file).network()))
        .contains(new GroupNorm(4, Layer.EPSILON), new ChannelAffine(true, false), new Add());
  }

  @Test
  void import_groupNormOfAnOldOpset_hasANumberPerGroup() {
    HandGraph graph = new HandGraph(18, 1, 1, 8, 8);
    String conv = graph.node("Conv", "x", graph.weight("w", 4, 1, 1, 1));
    String norm =
        graph.node(
            "GroupNormalization",
            List.of(
                conv,
                graph.floats("norm.scale", new float[] {2, 3}, 2),
                graph.floats("norm.bias", new float[] {-1, 5}, 2)),
            attribute("num_groups", 2));
    String flat = graph.node("Flatten", norm);
    ImportedNetwork imported =
        OnnxImportTest.imported(
            graph.bytes(graph.node("MatMul", flat, graph.weight("v", 256, 10)), 10));

    assertThat(layers(imported.network())).contains(new GroupNorm(2, Layer.EPSILON));
    assertThat(imported.values().get(1)).containsExactly(2, 2, 3, 3);
    assertThat(imported.values().get(2)).containsExactly(-1, -1, 5, 5);
  }

  @Test
  void import_layerNormOfAFlattenWithChannelsLast_isPutInOurOrder() {
    HandGraph graph = new HandGraph(17, 1, 1, 8, 8);
    String last = graph.node("Conv", "x", graph.weight("w", 2, 1, 7, 7));
    last = graph.node("Transpose", List.of(last), attribute("perm", List.of(0L, 2L, 3L, 1L)));
    last = graph.node("Flatten", last);
    float[] scale = {1, 2, 3, 4, 5, 6, 7, 8};
    last = graph.node("LayerNormalization", last, graph.floats("norm.weight", scale, 8));
    ImportedNetwork imported =
        OnnxImportTest.imported(
            graph.bytes(graph.node("MatMul", last, graph.weight("v", 8, 10)), 10));

    assertThat(imported.values().get(1)).containsExactly(1, 3, 5, 7, 2, 4, 6, 8);
    assertThat(imported.values().get(2)).containsOnly(0);
  }

  @Test
  void import_normsThatNoLayerIs_areRefusedWithTheReason() {
    HandGraph graph = new HandGraph(21, 1, 1, 8, 8);
    String conv = graph.node("Conv", "x", graph.weight("w", 6, 1, 1, 1));
    List<String> six = List.of(conv, graph.uniform("s", 1, 2, 6), graph.uniform("b", 1, 2, 6));
    String uneven = graph.node("GroupNormalization", six, attribute("num_groups", 4));
    String none = graph.node("GroupNormalization", six);
    String sharp =
        graph.node("GroupNormalization", six, attribute("num_groups", 2), attribute("epsilon", 0f));
    String few = graph.node("InstanceNormalization", conv, "s", graph.uniform("few", 1, 2, 3));
    String last =
        graph.node("Transpose", List.of(conv), attribute("perm", List.of(0L, 2L, 3L, 1L)));
    String wrong = graph.node("InstanceNormalization", last, "s", "b");
    String places = graph.node("LayerNormalization", last, "s", "b");
    String flat = graph.node("Flatten", "x");
    String batch = graph.node("LayerNormalization", List.of(flat, "s"), attribute("axis", 0));
    String scale = graph.node("LayerNormalization", flat, "s");

    assertThat(
            problems(
                graph.bytes(
                    graph.node("Sum", uneven, none, sharp, few, wrong, places, batch, scale), 10)))
        .containsExactly(
            "node /GroupNormalization_2 (GroupNormalization): it must normalise whole channels,"
                + " channels first, in groups of as many: groups=4, input=[6, 8, 8], layer=6×8×8",
            "node /GroupNormalization_3 (GroupNormalization): groups must be 1 or more: groups=0",
            "node /GroupNormalization_4 (GroupNormalization): epsilon must be above 0: epsilon=0.0",
            "node /InstanceNormalization_5 (InstanceNormalization): it must have a number for each"
                + " of what it scales: values=3, expected=6",
            "node /InstanceNormalization_7 (InstanceNormalization): it must normalise whole"
                + " channels, channels first, in groups of as many: groups=8, input=[8, 8, 6],"
                + " layer=6×8×8",
            "node /LayerNormalization_8 (LayerNormalization): its input must be a vector: input=[8,"
                + " 8, 6]",
            "node /LayerNormalization_10 (LayerNormalization): it must be over the features alone,"
                + " which are last: axis=0, input=[64]",
            "node /LayerNormalization_11 (LayerNormalization): it must have a number for each of"
                + " what it scales: values=6, expected=64");
  }

  private static List<String> problems(byte[] file) {
    Throwable thrown = catchThrowable(() -> OnnxImportTest.imported(file));
    assertThat(thrown).isInstanceOf(GraphException.class);
    return thrown instanceof GraphException broken ? broken.problems() : List.of();
  }
}
