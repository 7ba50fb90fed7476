package io.espalier.trainer.onnx.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.structure.AxisSlices;
import io.espalier.masks.structure.Group;
import io.espalier.trainer.engine.block.EvaluationPass;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.ImportedNetwork;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkGroups.CutNetwork;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.onnx.OnnxExport;
import io.espalier.trainer.onnx.OnnxNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of classic networks, as other frameworks wrote them. Their weights are made in the graph,
 * and all alike; to compare outputs, they are drawn instead.
 */
class ClassicFilesTest {
  private static final ImageShape IMAGE = new ImageShape(3, 224, 224);
  private static final int CLASSES = 1000;
  private static final float MADE = 0.02f;

  @ParameterizedTest
  @ValueSource(strings = {"squeezenet", "shufflenet"})
  void file_ofASmallNetwork_losesChannelsAndLeavesAgain(String name) throws IOException {
    requireReadCutAndWritten(name);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(
      strings = {"bvlc_alexnet", "densenet121", "inception_v1", "inception_v2", "resnet50"})
  void file_ofALargeNetwork_losesChannelsAndLeavesAgain(String name) throws IOException {
    requireReadCutAndWritten(name);
  }

  private static void requireReadCutAndWritten(String name) throws IOException {
    // Given
    byte[] file = Files.readAllBytes(OnnxTestData.of("light/light_" + name + ".onnx"));
    byte[] drawn = drawn(file);
    float[] example = uniform(IMAGE.size(), -1, 1, new Random(3));

    // When
    ImportedNetwork imported = OnnxImportTest.imported(drawn, IMAGE, CLASSES);

    // Then the constants of the graph are its weights, and the runtime agrees on the outputs
    Network network = imported.network();
    requireConstantsAsWeights(file, network);
    Map<ParameterId, float[]> values = values(imported);
    float[] logits = EvaluationPass.run(network, values, 1, example);
    assertThat(logits).containsExactly(run(drawn, example), within(tolerance(logits)));

    // And half of its channels can go
    NetworkGroups groups = NetworkGroups.of(network);
    List<Mask> kept = groups.groups().all().stream().map(ClassicFilesTest::everySecond).toList();
    CutNetwork cut = groups.cut(kept);
    assertThat(cut.network().macs()).isLessThan(network.macs() * 3 / 4);
    requireSameWithout(network, values, cut, example);
  }

  private static void requireConstantsAsWeights(byte[] file, Network network) {
    ImportedNetwork made = OnnxImportTest.imported(file, IMAGE, CLASSES);

    assertThat(made.network().toJson()).isEqualTo(network.toJson());
    assertThat(made.values().get(0)).containsOnly(MADE);
  }

  private static Mask everySecond(Group group) {
    return Mask.of(group.channels(), i -> !group.isPrunable() || i % 2 == 0);
  }

  /** The cut network computes what the whole one does with zeros, also in the runtime. */
  private static void requireSameWithout(
      Network network, Map<ParameterId, float[]> values, CutNetwork cut, float[] example) {
    Map<ParameterId, float[]> zeroed = new HashMap<>();
    Map<ParameterId, float[]> sliced = new HashMap<>();
    for (ParameterSpec spec : network.parameters()) {
      float[] all = Objects.requireNonNull(values.get(spec.id()));
      int[] survivors = AxisSlices.originalIndices(cut.layout(), spec.id());
      float[] left = new float[survivors.length];
      float[] spread = spec.role().isTrained() ? new float[all.length] : all.clone();
      for (int i = 0; i < left.length; i++) {
        left[i] = all[survivors[i]];
        spread[survivors[i]] = left[i];
      }
      sliced.put(spec.id(), left);
      zeroed.put(spec.id(), spread);
    }
    float[] expected = EvaluationPass.run(network, zeroed, 1, example);
    float[] small = EvaluationPass.run(cut.network(), sliced, 1, example);
    OnnxExport exported = OnnxExport.of(cut.network(), false, sliced::get, Map.of());

    assertThat(small).containsExactly(expected, within(tolerance(expected)));
    assertThat(run(exported.bytes(), example)).containsExactly(small, within(tolerance(small)));
  }

  /** The file up to its logits, with seeded values in place of those that nodes make. */
  private static byte[] drawn(byte[] file) throws IOException {
    Random random = new Random(5);
    ModelProto.Builder model = ModelProto.parseFrom(file).toBuilder().setIrVersion(8);
    GraphProto.Builder graph = model.getGraphBuilder();
    Map<String, TensorProto> shapes = new HashMap<>();
    graph.getInitializerList().forEach(each -> shapes.put(each.getName(), each));
    List<NodeProto> nodes = List.copyOf(graph.getNodeList());
    graph.clearNode();
    for (NodeProto node : nodes) {
      if (node.getOpType().equals("ConstantOfShape")) {
        TensorProto shape = Objects.requireNonNull(shapes.get(node.getInput(0)));
        graph.addInitializer(drawn(node.getOutput(0), lengths(shape), random));
      } else if (node.getOpType().equals("Softmax")) {
        graph.getOutputBuilder(0).setName(node.getInput(0));
      } else {
        graph.addNode(node);
      }
    }
    return model.build().toByteArray();
  }

  private static long[] lengths(TensorProto shape) {
    return TensorReader.read(shape, OnnxImportTest.unfolding()).wholes();
  }

  /** Weights of a scale that keeps outputs near 1; scales, variances and biases near 1. */
  private static TensorProto drawn(String name, long[] lengths, Random random) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(1);
    int size = 1;
    for (long length : lengths) {
      tensor.addDims(length);
      size *= (int) length;
    }
    float bound = (float) Math.sqrt(6.0 * lengths[0] / size);
    float[] values =
        lengths.length == 1
            ? uniform(size, 0.5f, 1.5f, random)
            : uniform(size, -bound, bound, random);
    ByteBuffer bytes = ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return tensor.setRawData(ByteString.copyFrom(bytes)).build();
  }

  private static float[] run(byte[] file, float[] example) {
    try (OnnxNetwork runtime = OnnxNetwork.load(file)) {
      return runtime.run(example);
    }
  }

  private static Map<ParameterId, float[]> values(ImportedNetwork imported) {
    Map<ParameterId, float[]> values = new LinkedHashMap<>();
    List<float[]> all = imported.values();
    List<ParameterSpec> parameters = imported.network().parameters();
    for (int i = 0; i < parameters.size(); i++) {
      values.put(parameters.get(i).id(), all.get(i));
    }
    return values;
  }

  private static float[] uniform(int size, float from, float to, Random random) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = from + random.nextFloat() * (to - from);
    }
    return values;
  }

  private static float tolerance(float[] expected) {
    float largest = 1;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    return 1e-5f * largest;
  }
}
