package io.espalier.trainer.onnx.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.ModelConfig.CharLm;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.structure.AxisSlices;
import io.espalier.trainer.engine.block.EvaluationPass;
import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Activation.Function;
import io.espalier.trainer.network.Add;
import io.espalier.trainer.network.Attention;
import io.espalier.trainer.network.FirstPosition;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.ImportedNetwork;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkGroups.CutNetwork;
import io.espalier.trainer.network.PaddingMask;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.PositionEmbedding;
import io.espalier.trainer.network.PositionNorm;
import io.espalier.trainer.network.RotaryEmbedding;
import io.espalier.trainer.network.SampleTransformers;
import io.espalier.trainer.network.TokenEmbedding;
import io.espalier.trainer.onnx.OnnxExport;
import io.espalier.trainer.onnx.OnnxNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encoders of text as torch.onnx 1.13 writes them; see encoders.py beside the files. */
class EncoderImportTest {
  private static final int POSITIONS = 7;
  private static final int FEATURES = 12;

  /** Two texts, one of which is filled up. */
  private static final float[] TOKENS = {5, 9, 3, 2, 0, 0, 0, 7, 1, 48, 22, 30, 4, 2};

  @ParameterizedTest
  @ValueSource(
      strings = {"bert11", "bert14", "bert17", "bert17tanh", "bert17sdpa", "bert14sdpa", "fixed17"})
  void import_encoderOfPyTorch_givesItsFeatures(String name) {
    byte[] file = file(name);
    ImportedNetwork imported = imported(file, new NetworkEnd.Classes(FEATURES));

    float[] ours = run(imported);

    assertThat(ours).containsExactly(TokenRuntime.run(file, POSITIONS, TOKENS), within(1e-4f));
    assertThat(imported.network().nodes()).hasSize(2 + 3 + 2 * 12);
  }

  @Test
  void import_encoderOfPyTorchThatPools_givesTheMeanOfTokens() {
    byte[] file = file("pooled14");

    float[] ours = run(imported(file, new NetworkEnd.Classes(FEATURES)));

    assertThat(ours).containsExactly(TokenRuntime.run(file, POSITIONS, TOKENS), within(1e-4f));
  }

  @Test
  void import_encoderOfPyTorch_hasItsLayersUnderItsNames() {
    Network network = imported(file("bert17"), new NetworkEnd.Classes(FEATURES)).network();

    assertThat(network.nodes())
        .extracting(GraphNode::layer)
        .startsWith(
            new TokenEmbedding(50, FEATURES),
            new PositionEmbedding(),
            new Add(),
            new PositionNorm(true, 0, 1e-12f),
            new Linear(FEATURES, true),
            new Linear(FEATURES, true),
            new Linear(FEATURES, true),
            new PaddingMask(0),
            new Attention(4, false),
            new Linear(FEATURES, true),
            new Add(),
            new PositionNorm(true, 0, 1e-12f),
            new Linear(20, true),
            new Activation(Function.GELU),
            new Linear(FEATURES, true));
    assertThat(network.parameters())
        .extracting(spec -> spec.id().name())
        .contains("tok.weight", "norm.scale", "norm.shift", "blocks.0.n1.scale")
        .contains("blocks.1.q.bias");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert17", "bert17tanh", "bert14sdpa", "pooled14"})
  void export_ofAnEncoder_runsTheSameAndReadsBackAsTheSameNetwork(String name) {
    ImportedNetwork imported = imported(file(name), new NetworkEnd.Classes(FEATURES));

    requireRoundTrip(
        imported.network(), values(imported), new NetworkEnd.Classes(FEATURES), 2, TOKENS);
  }

  @Test
  void import_encoderOfPyTorchThatTurnsHalvesOfHeads_hasRotaryEmbeddings() {
    byte[] file = file("rotary17");
    NetworkEnd end = new NetworkEnd.Classes(FEATURES);
    ImportedNetwork imported = imported(file, end);

    assertThat(run(imported))
        .containsExactly(TokenRuntime.run(file, POSITIONS, TOKENS), within(1e-5f));
    assertThat(imported.network().nodes())
        .extracting(GraphNode::layer)
        .filteredOn(new RotaryEmbedding(4, 1000)::equals)
        .hasSize(4);
    requireRoundTrip(imported.network(), values(imported), end, 2, TOKENS);
  }

  /** One product for queries, keys and values; heads behind the batch, or the batch second. */
  @ParameterizedTest
  @CsvSource({
    "library17, 2, 29",
    "library14, 2, 29",
    "library17one, 1, 29",
    "fused11, 2, 29",
    "split14, 2, 28"
  })
  void import_encoderWithOneProductForQueriesKeysAndValues_partsIt(
      String name, int texts, int nodes) {
    byte[] file = file(name);
    NetworkEnd end = new NetworkEnd.Classes(FEATURES);
    ImportedNetwork imported = imported(file, end);
    float[] tokens = Arrays.copyOf(TOKENS, texts * POSITIONS);

    assertThat(EvaluationPass.run(imported.network(), values(imported), texts, tokens))
        .containsExactly(TokenRuntime.run(file, POSITIONS, tokens), within(1e-5f));
    assertThat(imported.network().nodes()).hasSize(nodes);
    assertThat(imported.network().nodes())
        .extracting(GraphNode::layer)
        .filteredOn(new Linear(FEATURES, true)::equals)
        .hasSize(2 * 4 + 2);
    requireRoundTrip(imported.network(), values(imported), end, texts, tokens);
  }

  @Test
  void import_encoderWithRepeatedKeysAndValues_hasThemOnce() {
    byte[] file = file("grouped17");
    NetworkEnd end = new NetworkEnd.Classes(FEATURES);
    ImportedNetwork imported = imported(file, end);

    assertThat(run(imported))
        .containsExactly(TokenRuntime.run(file, POSITIONS, TOKENS), within(1e-5f));
    assertThat(imported.network().nodes())
        .extracting(GraphNode::layer)
        .contains(new Attention(4, true))
        .filteredOn(new Linear(4, false)::equals)
        .hasSize(2 * 2);
    requireRoundTrip(imported.network(), values(imported), end, 2, TOKENS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"library17", "split14", "grouped17"})
  void import_encoderWithPartedProducts_losesHeadsAndNeuronsAndRunsTheSame(String name) {
    requireCutRuns(imported(file(name), new NetworkEnd.Classes(FEATURES)), FEATURES);
  }

  @Test
  void import_classifierOfPyTorch_losesHeadsAndNeuronsAndRunsTheSame() {
    byte[] file = file("classifier17");
    NetworkEnd end = new NetworkEnd.Classes(3);
    ImportedNetwork imported = imported(file, end);
    assertThat(run(imported))
        .containsExactly(TokenRuntime.run(file, POSITIONS, TOKENS), within(1e-5f));
    assertThat(imported.network().nodes())
        .extracting(GraphNode::layer)
        .endsWith(
            new FirstPosition(),
            new Linear(FEATURES, true),
            new Activation(Function.TANH),
            new Linear(3, true));
    requireRoundTrip(imported.network(), values(imported), end, 2, TOKENS);
    requireCutRuns(imported, 3);
  }

  /** Without every other channel and head that may go, an export gives what the network gives. */
  private static void requireCutRuns(ImportedNetwork imported, int classes) {
    NetworkGroups groups = NetworkGroups.of(imported.network());
    CutNetwork cut =
        groups.cut(
            groups.groups().all().stream()
                .map(each -> Mask.of(each.channels(), i -> !each.isPrunable() || i % 2 == 0))
                .toList());
    Map<ParameterId, float[]> left = new LinkedHashMap<>();
    values(imported)
        .forEach((id, all) -> left.put(id, at(all, AxisSlices.originalIndices(cut.layout(), id))));

    assertThat(cut.network().macs()).isLessThan(imported.network().macs() * 3 / 4);
    ImportedNetwork unused =
        requireExport(cut.network(), left, new NetworkEnd.Classes(classes), 2, TOKENS);
  }

  private static float[] at(float[] values, int[] indices) {
    float[] some = new float[indices.length];
    for (int i = 0; i < indices.length; i++) {
      some[i] = values[indices[i]];
    }
    return some;
  }

  @Test
  void export_ofAHeadOnAnEncoder_runsTheSameAndReadsBackAsTheSameNetwork() {
    ImportedNetwork imported = imported(file("bert14"), new NetworkEnd.LinearHead(3));
    Map<ParameterId, float[]> values = values(imported);
    values.put(new ParameterId("head.weight"), random(3 * FEATURES, 5));

    assertThat(imported.has(new ParameterId("head.weight"))).isFalse();
    assertThat(imported.has(new ParameterId("tok.weight"))).isTrue();
    requireRoundTrip(imported.network(), values, new NetworkEnd.Classes(3), 2, TOKENS);
  }

  static List<CharLm> transformers() {
    return SampleTransformers.all();
  }

  @ParameterizedTest
  @MethodSource("transformers")
  void export_ofATransformer_readsBackAsTheSameNetwork(CharLm model) {
    Network network = SampleTransformers.network(model);
    Map<ParameterId, float[]> values = new LinkedHashMap<>();
    network
        .parameters()
        .forEach(spec -> values.put(spec.id(), random(spec.shape().size(), values.size())));
    float[] tokens = SampleTransformers.tokens(2, new Random(3));

    requireRoundTrip(network, values, new NetworkEnd.Classes(SampleTransformers.TOKENS), 2, tokens);
  }

  private static float[] random(int size, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  /** Equal layers, connections, names and bits, whatever the order of the nodes. */
  private static void requireRoundTrip(
      Network network,
      Map<ParameterId, float[]> values,
      NetworkEnd end,
      int batch,
      float[] tokens) {
    ImportedNetwork back = requireExport(network, values, end, batch, tokens);
    assertThat(back.network().nodes())
        .extracting(GraphNode::layer)
        .containsExactlyInAnyOrderElementsOf(
            network.nodes().stream().map(GraphNode::layer).toList());
    Map<ParameterId, float[]> read = values(back);
    assertThat(read).hasSameSizeAs(values);
    values.forEach((id, each) -> assertThat(read.get(id)).as(id.name()).isEqualTo(each));
  }

  /** Reads back an export whose outputs are those of the network. */
  private static ImportedNetwork requireExport(
      Network network,
      Map<ParameterId, float[]> values,
      NetworkEnd end,
      int batch,
      float[] tokens) {
    byte[] file = OnnxExport.of(network, false, values::get, Map.of()).bytes();
    ImportedNetwork back = imported(file, network.input(), end);
    float[] expected = EvaluationPass.run(network, values, batch, tokens);

    try (OnnxNetwork runtime = OnnxNetwork.load(file)) {
      assertThat(runtime.run(tokens)).containsExactly(expected, within(1e-5f));
    }
    assertThat(EvaluationPass.run(back.network(), values(back), batch, tokens)).isEqualTo(expected);
    return back;
  }

  private static float[] run(ImportedNetwork imported) {
    return EvaluationPass.run(imported.network(), values(imported), 2, TOKENS);
  }

  private static ImportedNetwork imported(byte[] file, NetworkEnd end) {
    return imported(file, new ImageShape(1, 1, POSITIONS), end);
  }

  private static ImportedNetwork imported(byte[] file, ImageShape input, NetworkEnd end) {
    Unfolding unfolding = OnnxImportTest.unfolding();
    return OnnxImport.translate(
        OnnxReader.read(file, unfolding), input, OptionalInt.of(0), end, unfolding);
  }

  private static byte[] file(String name) {
    try (InputStream in =
        Objects.requireNonNull(
            EncoderImportTest.class.getResourceAsStream("/encoders/" + name + ".onnx"))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<ParameterId, float[]> values(ImportedNetwork imported) {
    Map<ParameterId, float[]> values = new LinkedHashMap<>();
    List<ParameterSpec> parameters = imported.network().parameters();
    for (int i = 0; i < parameters.size(); i++) {
      values.put(parameters.get(i).id(), imported.values().get(i));
    }
    return values;
  }
}
