package io.espalier.trainer.onnx.read;

import static io.espalier.trainer.onnx.read.HandGraph.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.structure.AxisSlices;
import io.espalier.masks.structure.Group;
import io.espalier.trainer.engine.block.EvaluationPass;
import io.espalier.trainer.file.HeapRoom;
import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Activation.Function;
import io.espalier.trainer.network.Affine;
import io.espalier.trainer.network.ChannelShuffle;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.GlobalAveragePool;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.ImportedNetwork;
import io.espalier.trainer.network.LeakyRelu;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkGroups.CutNetwork;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.onnx.OnnxExport;
import io.espalier.trainer.onnx.OnnxNetwork;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxImportTest {
  private static final ImageShape DIGITS = new ImageShape(1, 8, 8);
  private static final int BATCH = 3;

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("LeNet-5", HandNetworks.leNet5(), true),
        Arguments.of("ResNet", HandNetworks.resNet(), false),
        Arguments.of("MobileNet", HandNetworks.mobileNet(), false),
        Arguments.of("perceptron", HandNetworks.perceptron(), false),
        Arguments.of("DenseNet", HandNetworks.denseNet(), false),
        Arguments.of("group norms", HandNetworks.groupNorms(), false),
        Arguments.of("ShuffleNet", ClassicNetworks.shuffleNet(), true),
        Arguments.of("AlexNet", ClassicNetworks.alexNet(), true),
        Arguments.of("channels last", HandNetworks.channelsLast(), false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void import_handMadeFile_evaluatesAsOnnxRuntimeDoes(String name, byte[] file, boolean softmax) {
    ImportedNetwork imported = imported(file);
    float[] examples = examples();

    float[] ours = EvaluationPass.run(imported.network(), values(imported), BATCH, examples);

    assertThat(softmax ? probabilities(ours) : ours)
        .containsExactly(run(file, examples), within(1e-4f));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void export_ofAnImportedNetworkWholeAndCut_runsAsItEvaluates(
      String name, byte[] file, boolean softmax) {
    ImportedNetwork imported = imported(file);
    Network network = imported.network();
    NetworkGroups groups = NetworkGroups.of(network);
    List<Mask> kept = new ArrayList<>();
    for (Group group : groups.groups().all()) {
      kept.add(Mask.of(group.channels(), i -> !group.isPrunable() || i % 2 == 0));
    }
    CutNetwork cut = groups.cut(kept);
    Map<ParameterId, float[]> sliced = new LinkedHashMap<>();
    values(imported)
        .forEach(
            (id, values) ->
                sliced.put(id, at(values, AxisSlices.originalIndices(cut.layout(), id))));

    assertThat(cut.network().macs()).isLessThan(network.macs());
    requireExport(network, values(imported));
    requireExport(cut.network(), sliced);
  }

  @Test
  void import_names_areThoseOfTheFileWithoutTheirEndings() {
    assertThat(names(HandNetworks.resNet()))
        .contains("conv1.weight", "conv1.bias", "bn1.scale", "bn1.variance")
        .contains("layer2.0.down.0.weight", "layer1.0.bn2.shift", "fc.weight", "fc.bias");
    assertThat(names(HandNetworks.perceptron()))
        .containsExactly(
            "dense.weight",
            "dense.bias",
            "dense_1.weight",
            "dense_1.bias",
            "dense_2.weight",
            "dense_2.bias");
  }

  @Test
  void import_gelusSpeltOut_becomesOneLayer() {
    assertThat(imported(HandNetworks.perceptron()).network().nodes())
        .extracting(GraphNode::layer)
        .containsExactly(
            new Flatten(),
            new Linear(20, true),
            new Activation(Function.GELU),
            new Linear(16, true),
            new LeakyRelu(0.2f),
            new Affine(2, -0.5f),
            new Linear(10, true));
  }

  @Test
  void import_weightOfAFlattenWithChannelsLast_isPutInOurOrder() {
    // Given an image of 2 channels and 2 places, flattened with its channels last
    HandGraph graph = new HandGraph(13, 1, 2, 1, 2);
    String last = graph.node("Transpose", List.of("x"), attribute("perm", List.of(0L, 2L, 3L, 1L)));
    last = graph.node("Flatten", last);
    last = graph.node("MatMul", last, graph.floats("w", new float[] {1, 2, 3, 4}, 4, 1));

    // When
    ImportedNetwork imported = imported(graph.bytes(last, 1), new ImageShape(2, 1, 2), 1);

    // Then place 0 had weights 1 and 2, place 1 had 3 and 4
    assertThat(imported.values().get(0)).containsExactly(1, 3, 2, 4);
  }

  @Test
  void import_shuffleOfChannels_isOneLayer_alsoWhereTheyAreLast() {
    HandGraph first = new HandGraph(13, 1, 6, 2, 2);
    String last = first.node("Reshape", "x", first.longs("apart", -1, 3, 2, 2, 2));
    last = first.node("Transpose", List.of(last), attribute("perm", List.of(0L, 2L, 1L, 3L, 4L)));
    last = first.node("Reshape", last, first.longs("together", -1, 6, 2, 2));
    byte[] images = first.bytes(first.node("Flatten", last), 24);
    HandGraph behind = new HandGraph(13, 1, 2, 2, 6);
    last = behind.node("Reshape", "x", behind.longs("apart", -1, 2, 2, 3, 2));
    last = behind.node("Transpose", List.of(last), attribute("perm", List.of(0L, 1L, 2L, 4L, 3L)));
    last = behind.node("Reshape", last, behind.longs("together", -1, 2, 2, 6));
    last = behind.node("Transpose", List.of(last), attribute("perm", List.of(0L, 3L, 1L, 2L)));
    byte[] channelsLast = behind.bytes(behind.node("Flatten", last), 24);

    for (byte[] file : List.of(images, channelsLast)) {
      assertThat(imported(file, new ImageShape(6, 2, 2), 24).network().nodes())
          .extracting(GraphNode::layer)
          .containsExactly(new ChannelShuffle(3), new Flatten());
    }
  }

  @Test
  void import_imagesAndAHead_classifiesTheMeanOfTheirPixels() {
    HandGraph graph = new HandGraph(13, 1, 1, 8, 8);
    byte[] file = graph.bytes(graph.node("Conv", "x", graph.weight("w", 4, 1, 3, 3)), 4, 6, 6);
    Unfolding unfolding = unfolding();

    ImportedNetwork imported =
        OnnxImport.translate(
            OnnxReader.read(file, unfolding),
            DIGITS,
            OptionalInt.empty(),
            new NetworkEnd.LinearHead(3),
            unfolding);

    assertThat(imported.network().nodes())
        .extracting(GraphNode::layer)
        .containsExactly(
            new Convolution(4, 3, 1, 0, 1, false), new GlobalAveragePool(), new Linear(3, true));
    assertThat(imported.has(new ParameterId("w.weight"))).isTrue();
    assertThat(imported.has(new ParameterId("head.weight"))).isFalse();
  }

  @Test
  void import_numbersMinusTheExampleAndSumsWithConstants_keepTheirSigns() {
    HandGraph graph = new HandGraph(17, 1, 1, 8, 8);
    String last = graph.node("Sub", graph.number("two", 2), "x");
    last = graph.node("Sum", last, "x", last, graph.number("one", 1));
    last = graph.node("Flatten", last);
    byte[] file = graph.bytes(graph.node("MatMul", last, graph.weight("w", 64, 10)), 10);
    ImportedNetwork imported = imported(file);

    float[] ours = EvaluationPass.run(imported.network(), values(imported), BATCH, examples());

    assertThat(ours).containsExactly(run(file, examples()), within(1e-4f));
  }

  @ParameterizedTest(name = "{0}, stride {1}, pads count: {2}")
  @CsvSource({
    "SAME_UPPER, 1, 1",
    "SAME_LOWER, 1, 1",
    "SAME_LOWER, 4, 0",
    "SAME_UPPER, 8, 0",
    "VALID, 1, 0"
  })
  void import_averagePoolAsLargeAsTheImage_isGlobalOnlyWithoutPads(
      String automatic, long stride, long counts) {
    HandGraph graph = new HandGraph(17, 1, 1, 8, 8);
    String last =
        graph.node(
            "AveragePool",
            List.of("x"),
            attribute("kernel_shape", List.of(8L, 8L)),
            attribute("strides", List.of(stride, stride)),
            attribute("auto_pad", automatic),
            attribute("count_include_pad", counts));
    last = graph.node("Flatten", last);
    int places = automatic.equals("VALID") ? 1 : 64 / (int) (stride * stride);
    byte[] file = graph.bytes(graph.node("MatMul", last, graph.weight("w", places, 10)), 10);
    ImportedNetwork imported = imported(file);

    float[] ours = EvaluationPass.run(imported.network(), values(imported), BATCH, examples());

    assertThat(ours).containsExactly(run(file, examples()), within(1e-4f));
  }

  private static List<String> names(byte[] file) {
    return imported(file).network().parameters().stream().map(each -> each.id().name()).toList();
  }

  private static void requireExport(Network network, Map<ParameterId, float[]> values) {
    float[] examples = examples();
    float[] expected = EvaluationPass.run(network, values, BATCH, examples);
    byte[] exported = OnnxExport.of(network, false, values::get, Map.of()).bytes();

    assertThat(run(exported, examples)).containsExactly(expected, within(1e-4f));
  }

  static ImportedNetwork imported(byte[] file) {
    return imported(file, DIGITS, 10);
  }

  static ImportedNetwork imported(byte[] file, ImageShape input, int classes) {
    return imported(file, input, classes, unfolding());
  }

  static Unfolding unfolding() {
    return new Unfolding(HeapRoom.ofProcess(), Unfolding.MOST_VALUES);
  }

  static ImportedNetwork imported(byte[] file, ImageShape input, int classes, Unfolding unfolding) {
    return OnnxImport.translate(OnnxReader.read(file, unfolding), input, classes, unfolding);
  }

  private static float[] run(byte[] file, float[] examples) {
    try (OnnxNetwork runtime = OnnxNetwork.load(file)) {
      return runtime.run(examples);
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

  private static float[] examples() {
    Random random = new Random(7);
    float[] examples = new float[BATCH * 64];
    for (int i = 0; i < examples.length; i++) {
      examples[i] = random.nextFloat() * 2 - 1;
    }
    return Objects.requireNonNull(examples);
  }

  private static float[] at(float[] values, int[] indices) {
    float[] some = new float[indices.length];
    for (int i = 0; i < indices.length; i++) {
      some[i] = values[indices[i]];
    }
    return some;
  }

  private static float[] probabilities(float[] logits) {
    float[] probabilities = new float[logits.length];
    for (int row = 0; row < logits.length; row += 10) {
      double sum = 0;
      for (int i = row; i < row + 10; i++) {
        sum += Math.exp(logits[i]);
      }
      for (int i = row; i < row + 10; i++) {
        probabilities[i] = (float) (Math.exp(logits[i]) / sum);
      }
    }
    return probabilities;
  }
}
