package io.espalier.trainer.onnx.read;

import static io.espalier.trainer.onnx.read.HandGraph.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.ModelConfig.Pooling;
import io.espalier.configs.ModelConfig.TinyVit;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.structure.AxisSlices;
import io.espalier.trainer.engine.block.EvaluationPass;
import io.espalier.trainer.network.Add;
import io.espalier.trainer.network.ClassToken;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.FirstPosition;
import io.espalier.trainer.network.FlattenPositions;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.ImportedNetwork;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkGroups.CutNetwork;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.PositionEmbedding;
import io.espalier.trainer.onnx.OnnxExport;
import io.espalier.trainer.onnx.OnnxNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Vision transformers: PyTorch's, as encoders.py writes it, and those of recipes. */
class VisionImportTest {
  private static final ImageShape INPUT = new ImageShape(2, 6, 9);
  private static final int CLASSES = 3;
  private static final int BATCH = 2;
  private static final float[] IMAGES = random(BATCH * INPUT.size(), 4);

  @Test
  void import_visionTransformerOfPyTorch_losesHeadsAndNeuronsAndRunsTheSame() throws IOException {
    byte[] file;
    try (InputStream in =
        Objects.requireNonNull(
            VisionImportTest.class.getResourceAsStream("/encoders/vision17.onnx"))) {
      file = in.readAllBytes();
    }
    ImportedNetwork imported = imported(file);
    Map<ParameterId, float[]> values = values(imported);

    assertThat(EvaluationPass.run(imported.network(), values, BATCH, IMAGES))
        .containsExactly(run(file), within(1e-5f));
    assertThat(imported.network().nodes())
        .extracting(GraphNode::layer)
        .startsWith(
            new Convolution(12, 3, 3, 0, 1, true),
            new FlattenPositions(),
            new ClassToken(),
            new PositionEmbedding(),
            new Add())
        .endsWith(new FirstPosition(), new Linear(CLASSES, true));
    assertThat(imported.network().parameter(new ParameterId("token.weight"))).isPresent();

    NetworkGroups groups = NetworkGroups.of(imported.network());
    CutNetwork cut =
        groups.cut(
            groups.groups().all().stream()
                .map(each -> Mask.of(each.channels(), i -> !each.isPrunable() || i % 2 == 0))
                .toList());
    Map<ParameterId, float[]> left = new LinkedHashMap<>();
    values.forEach(
        (id, all) -> left.put(id, at(all, AxisSlices.originalIndices(cut.layout(), id))));
    assertThat(cut.network().macs()).isLessThan(imported.network().macs() * 3 / 4);
    ImportedNetwork unused = requireExport(cut.network(), left);
  }

  @ParameterizedTest
  @EnumSource
  void export_ofATinyVit_readsBackAsTheSameNetwork(Pooling pooling) {
    Network network = Network.of(new TinyVit(3, 2, 8, 4, 10, pooling), INPUT, CLASSES);
    Map<ParameterId, float[]> values = new LinkedHashMap<>();
    for (ParameterSpec spec : network.parameters()) {
      values.put(spec.id(), random(spec.shape().size(), values.size()));
    }

    ImportedNetwork back = requireExport(network, values);

    assertThat(back.network().nodes())
        .extracting(GraphNode::layer)
        .containsExactlyInAnyOrderElementsOf(
            network.nodes().stream().map(GraphNode::layer).toList());
    Map<ParameterId, float[]> read = values(back);
    assertThat(read).hasSameSizeAs(values);
    values.forEach((id, each) -> assertThat(read.get(id)).as(id.name()).isEqualTo(each));
  }

  @Test
  void import_constantsOfOtherShapesInFrontOfASequence_areRefused() {
    HandGraph graph = new HandGraph(17, 1, 2, 6, 9);
    String row = graph.node("Reshape", "x", graph.longs("row", 0, 2, 54));
    String two = graph.uniform("two", -1, 1, 1, 2, 2);
    String joined = graph.node("Concat", List.of(two, row), attribute("axis", 2));

    assertThatThrownBy(() -> imported(graph.bytes(joined, 2, 56)))
        .isInstanceOfSatisfying(
            GraphException.class,
            broken ->
                assertThat(broken.problems())
                    .containsExactly(
                        "node /Concat_2 (Concat): a constant in front of a sequence must be one"
                            + " position, alike for all examples: constant=[1, 2, 2],"
                            + " sequence=[2, 54], axis=2"));
  }

  /** Reads back an export whose outputs are those of the network. */
  private static ImportedNetwork requireExport(Network network, Map<ParameterId, float[]> values) {
    byte[] file = OnnxExport.of(network, false, values::get, Map.of()).bytes();
    ImportedNetwork back = imported(file);
    float[] expected = EvaluationPass.run(network, values, BATCH, IMAGES);

    assertThat(run(file)).containsExactly(expected, within(1e-5f));
    assertThat(EvaluationPass.run(back.network(), values(back), BATCH, IMAGES)).isEqualTo(expected);
    return back;
  }

  private static float[] run(byte[] file) {
    try (OnnxNetwork runtime = OnnxNetwork.load(file)) {
      return runtime.run(IMAGES);
    }
  }

  private static ImportedNetwork imported(byte[] file) {
    return OnnxImportTest.imported(file, INPUT, CLASSES);
  }

  private static Map<ParameterId, float[]> values(ImportedNetwork imported) {
    Map<ParameterId, float[]> values = new LinkedHashMap<>();
    List<float[]> all = imported.values();
    for (int i = 0; i < all.size(); i++) {
      values.put(imported.network().parameters().get(i).id(), all.get(i));
    }
    return values;
  }

  private static float[] random(int size, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private static float[] at(float[] values, int[] indices) {
    float[] some = new float[indices.length];
    for (int i = 0; i < indices.length; i++) {
      some[i] = values[indices[i]];
    }
    return some;
  }
}
