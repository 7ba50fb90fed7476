package io.espalier.trainer.onnx.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.offline.OfflinePruner;
import io.espalier.trainer.offline.PrunedNetwork;
import io.espalier.trainer.offline.PrunedTensor;
import io.espalier.trainer.onnx.OnnxNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX files of any graph, through the pruner of stored networks. */
class OnnxPruningTest {
  @TempDir Path directory;

  private static HandGraph network() {
    HandGraph graph = new HandGraph(13, 5, 6);
    graph.longs("shape", 1, 6);
    String hidden = graph.node("MatMul", "x", graph.weight("first", 6, 8));
    String biased = graph.node("Add", hidden, graph.uniform("bias", -1, 1, 8));
    // Espalier does not know this operator.
    String odd = graph.node("Sinh", biased);
    graph.node("MatMul", odd, graph.weight("second", 8, 3));
    return graph;
  }

  @Test
  void prune_graphOfUnknownOperators_clearsWeights_andRuns() throws IOException {
    byte[] bytes = network().bytes("matmul_3", 3);
    Path in = Files.write(directory.resolve("in.onnx"), bytes);
    Path out = directory.resolve("out.onnx");

    PrunedNetwork pruned = OfflinePruner.of("prune.sparsity=50%").prune(in, out);

    assertThat(pruned.tensors()).extracting(PrunedTensor::name).containsExactly("first", "second");
    assertThat(pruned.kept()).isEqualTo(36);
    assertThat(pruned.others()).isEqualTo(1);
    ModelProto before = ModelProto.parseFrom(bytes);
    ModelProto after = ModelProto.parseFrom(Files.readAllBytes(out));
    assertThat(withoutWeights(after)).isEqualTo(withoutWeights(before));
    assertThat(zeros(after, "first") + zeros(after, "second")).isEqualTo(36);
    assertThat(zeros(after, "bias")).isZero();
    try (OnnxNetwork running = OnnxNetwork.load(out)) {
      assertThat(running.run(new float[] {1, 2, 3, 4, 5, 6})).hasSize(3);
    }
  }

  @Test
  void prune_listedFloats_areClearedInTheirPlace() throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(network().bytes("matmul_3", 3)).toBuilder();
    TensorProto.Builder second = model.getGraphBuilder().getInitializerBuilder(3);
    second.clearRawData();
    for (int i = 0; i < 24; i++) {
      second.addFloatData(1 + i);
    }
    byte[] bytes = model.build().toByteArray();
    Path in = Files.write(directory.resolve("in.onnx"), bytes);
    Path out = directory.resolve("out.onnx");

    OfflinePruner.of("prune.sparsity=75%").including(List.of("second")).prune(in, out);

    TensorProto pruned = ModelProto.parseFrom(Files.readAllBytes(out)).getGraph().getInitializer(3);
    assertThat(pruned.getFloatDataList().subList(0, 18)).containsOnly(0f);
    assertThat(pruned.getFloatDataList().subList(18, 24))
        .containsExactly(19f, 20f, 21f, 22f, 23f, 24f);
    assertThat(Files.size(out)).isEqualTo(bytes.length);
  }

  @Test
  void prune_valuesInAnotherFile_areRefused() throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(network().bytes("matmul_3", 3)).toBuilder();
    model
        .getGraphBuilder()
        .getInitializerBuilder(3)
        .clearRawData()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalDataBuilder()
        .setKey("location")
        .setValue("weights.bin");
    Path in = Files.write(directory.resolve("in.onnx"), model.build().toByteArray());

    assertThatThrownBy(() -> OfflinePruner.of().prune(in, directory.resolve("out.onnx")))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("name=second, shape=[8, 3], bytes=0, pieces=0, elsewhere=true");
  }

  @Test
  void prune_valuesThatDoNotFillTheShape_areRefused() throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(network().bytes("matmul_3", 3)).toBuilder();
    model.getGraphBuilder().getInitializerBuilder(3).setRawData(ByteString.copyFrom(new byte[12]));
    Path in = Files.write(directory.resolve("in.onnx"), model.build().toByteArray());

    assertThatThrownBy(() -> OfflinePruner.of().prune(in, directory.resolve("out.onnx")))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("bytes=12");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 40, 200, 300})
  void prune_fileThatIsCut_isRefused(int length) throws IOException {
    byte[] bytes = network().bytes("matmul_3", 3);
    Path in = Files.write(directory.resolve("in.onnx"), Arrays.copyOf(bytes, length));

    assertThatThrownBy(() -> OfflinePruner.of().prune(in, directory.resolve("out.onnx")))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith(in + ": ");
    assertThat(directory.resolve("out.onnx")).doesNotExist();
  }

  private static ModelProto withoutWeights(ModelProto model) {
    ModelProto.Builder builder = model.toBuilder();
    builder.getGraphBuilder().getInitializerBuilderList().stream()
        .filter(tensor -> tensor.getDimsCount() == 2)
        .forEach(TensorProto.Builder::clearRawData);
    return builder.build();
  }

  private static int zeros(ModelProto model, String name) {
    TensorProto tensor =
        model.getGraph().getInitializerList().stream()
            .filter(each -> each.getName().equals(name))
            .findFirst()
            .orElseThrow();
    byte[] bytes = tensor.getRawData().toByteArray();
    int zeros = 0;
    for (int i = 0; i < bytes.length; i += 4) {
      zeros += (bytes[i] | bytes[i + 1] | bytes[i + 2] | bytes[i + 3]) == 0 ? 1 : 0;
    }
    return zeros;
  }
}
