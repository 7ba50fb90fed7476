package io.espalier.trainer.onnx.read;

import static io.espalier.trainer.onnx.read.HandGraph.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import io.espalier.trainer.network.ImageShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxProblemsTest {
  private static final ImageShape DIGITS = new ImageShape(1, 8, 8);

  private static final String SUPPORTED =
      "operators that are supported: Abs, Add, And, AveragePool, BatchNormalization, Cast, Ceil, Clip,"
          + " Concat, Constant, ConstantOfShape, Conv, Cos, Div, Dropout, Equal, Erf, Exp, Expand, Flatten, Floor,"
          + " Gather, Gelu, Gemm, GlobalAveragePool, Greater, GreaterOrEqual, GroupNormalization, HardSigmoid,"
          + " HardSwish, Identity, InstanceNormalization, LRN, LayerNormalization, LeakyRelu, Less, LessOrEqual,"
          + " Log, LogSoftmax, MatMul, Max, MaxPool, Min, Mod, Mul, Neg, Not, Or, Pad, Pow, Range, Reciprocal,"
          + " ReduceMean, ReduceSum, Relu, Reshape, Shape, Sigmoid, Sin, Size, Slice, Softmax, Split, Sqrt, Squeeze, Sub,"
          + " Sum, Tanh, Transpose, Trilu, Unsqueeze, Where";

  @TempDir private Path directory;

  @Test
  void import_manyThingsThatAreNotSupported_namesAllOfThem() {
    HandGraph graph = new HandGraph(17, 1, 1, 8, 8);
    String dilated =
        graph.node(
            "Conv",
            List.of("x", graph.weight("w1", 4, 1, 3, 3)),
            attribute("dilations", List.of(2L, 2L)));
    String wide = graph.node("Conv", "x", graph.weight("w2", 4, 1, 1, 3));
    String softmax = graph.node("Softmax", List.of("x"), attribute("axis", 1));
    String flat = graph.node("Flatten", "x");
    String misfit = graph.node("MatMul", flat, graph.weight("w3", 63, 4));
    String odd = graph.node("Einsum", dilated, wide, softmax, misfit, graph.node("Celu", dilated));

    assertThat(problems(graph.bytes(odd, 10)))
        .containsExactly(
            "node /Conv_1 (Conv): dilations must be 1: dilations=[2, 2]",
            "node /Conv_2 (Conv): kernel_shape must be square: kernel_shape=[1, 3]",
            "node /Softmax_3 (Softmax): a softmax must be over the classes, at the end: axis=1,"
                + " input=[1, 8, 8]",
            "node /MatMul_5 (MatMul): its weight must fit its input: weight=[63, 4], features=64",
            "node /Celu_6 (Celu): its operator is not supported: operator=Celu, opset=17",
            "node /Einsum_7 (Einsum): its operator is not supported: operator=Einsum, opset=17",
            SUPPORTED);
  }

  @Test
  void import_foreignDomainBesideOthers_namesAllOfThem() {
    HandGraph graph = new HandGraph(17, 1, 1, 8, 8);
    String dilated =
        graph.node(
            "Conv",
            List.of("x", graph.weight("w1", 4, 1, 3, 3)),
            attribute("dilations", List.of(2L, 2L)));
    String einsum = graph.node("Einsum", "x");
    String foreign = graph.node("Relu", "x");
    graph.graph().getNodeBuilder(graph.graph().getNodeCount() - 1).setDomain("com.x");
    String wide =
        graph.node(
            "MaxPool",
            List.of("x"),
            attribute("kernel_shape", List.of(2L, 2L)),
            attribute("strides", List.of(1L << 40, 1L << 40)));

    assertThat(problems(graph.bytes(graph.node("Sum", dilated, einsum, foreign, wide), 10)))
        .containsExactly(
            "node /Conv_1 (Conv): dilations must be 1: dilations=[2, 2]",
            "node /Einsum_2 (Einsum): its operator is not supported: operator=Einsum, opset=17",
            "node /Relu_3 (Relu): operators must be standard ones: domain=com.x",
            "node /MaxPool_4 (MaxPool): strides must fit 32 bits: strides=[1099511627776,"
                + " 1099511627776]",
            SUPPORTED);
  }

  @Test
  void import_operatorOfConstantsOnTheExample_saysSo() {
    HandGraph graph = new HandGraph(17, 1, 1, 8, 8);

    assertThat(problems(graph.bytes(graph.node("Sqrt", "x"), 64)))
        .containsExactly(
            "node /Sqrt_1 (Sqrt): its operator is supported only where it does not depend on the"
                + " example, or as part of a layer that is spelt out: operator=Sqrt, opset=17");
  }

  @Test
  void import_softmaxOverOneValue_orWithinTheNetwork_isRefused() {
    HandGraph graph = new HandGraph(13, 1, 1, 8, 8);
    String mean = graph.node("GlobalAveragePool", "x");
    String softmax = graph.node("Softmax", List.of(mean), attribute("axis", -1));
    String within = graph.node("Relu", graph.node("Softmax", List.of("x"), attribute("axis", 1)));

    assertThat(problems(graph.bytes(graph.node("Add", softmax, within), 1)))
        .containsExactly(
            "node /Softmax_2 (Softmax): a softmax must be over the classes, at the end: axis=3,"
                + " input=[1, 1, 1]",
            "node /Softmax_3 (Softmax): a softmax must be over the classes, at the end: axis=1,"
                + " input=[1, 8, 8]");
  }

  @Test
  void import_localResponseNormWithoutABias_isRefused() {
    HandGraph graph = new HandGraph(13, 1, 1, 8, 8);
    String last = graph.node("LRN", List.of("x"), attribute("size", 5), attribute("bias", 0f));

    assertThat(problems(graph.bytes(graph.node("Flatten", last), 64)))
        .containsExactly(
            "node /LRN_1 (LRN): alpha must be 0 or more, and bias above 0: alpha=1.0E-4, bias=0.0");
  }

  @Test
  void import_dropoutWithItsTrainingMode_isLeftOut() {
    HandGraph graph = new HandGraph(13, 1, 1, 8, 8);
    graph.number("ratio", 0.5f);
    graph
        .graph()
        .addInitializer(
            TensorProto.newBuilder()
                .setName("training")
                .setDataType(TensorProto.DataType.BOOL.getNumber())
                .addInt32Data(0));
    String flat = graph.node("Flatten", graph.node("Dropout", "x", "ratio", "training"));
    byte[] file = graph.bytes(graph.node("MatMul", flat, graph.weight("w", 64, 10)), 10);

    assertThat(OnnxImportTest.imported(file).network().nodes()).hasSize(2);
  }

  @Test
  void import_ofWhatTheOutputDoesNotNeed_isNotAsked() {
    HandGraph graph = new HandGraph(17, 1, 1, 8, 8);
    graph.node("Einsum", "x");
    String flat = graph.node("Flatten", "x");
    byte[] file = graph.bytes(graph.node("MatMul", flat, graph.weight("w", 64, 10)), 10);

    assertThat(OnnxImportTest.imported(file).network().nodes()).hasSize(2);
  }

  @Test
  void import_unsoundGraphs_saysWhatIsWrong() {
    HandGraph missing = new HandGraph(17, 1, 1, 8, 8);
    assertThat(problems(missing.bytes(missing.node("MatMul", "x", "w"), 10)))
        .containsExactly(
            "node /MatMul_1 (MatMul): what it reads must be given before it, by a node, the input"
                + " or an initialiser: value=w");

    HandGraph cycle = new HandGraph(17, 1, 1, 8, 8);
    String last = cycle.node("Add", "x", "add_1");
    assertThat(problems(cycle.bytes(cycle.node("Add", last, "x"), 10)).get(0))
        .contains("/Add_1", "before it", "value=add_1");

    HandGraph twice = new HandGraph(17, 1, 1, 8, 8);
    twice.number("w", 1);
    twice.number("w", 2);
    assertThat(problems(twice.bytes(twice.node("Mul", "x", "w"), 10)))
        .containsExactly("an initialiser must have a name of its own: name=w");

    HandGraph nothing = new HandGraph(17, 1, 1, 8, 8);
    assertThat(problems(nothing.bytes("y", 10)))
        .containsExactly("an output must be given by a node: output=y");

    HandGraph old = new HandGraph(6, 1, 1, 8, 8);
    assertThat(problems(old.bytes(old.node("Flatten", "x"), 10)).get(0))
        .contains("opset must be from 7 to 21: opset=6");
  }

  @Test
  void import_tensorsThatCannotBeRead_saysWhichAndWhy() {
    HandGraph graph = new HandGraph(17, 1, 1, 8, 8);
    graph
        .graph()
        .addInitializer(
            TensorProto.newBuilder()
                .setName("elsewhere")
                .setDataType(1)
                .addDims(64)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL));
    graph
        .graph()
        .addInitializer(TensorProto.newBuilder().setName("short").setDataType(1).addDims(1L << 40));
    graph
        .graph()
        .addInitializer(TensorProto.newBuilder().setName("bytes").setDataType(3).addDims(0));
    String last = graph.node("Sum", "x", "elsewhere", "short", "bytes");

    assertThat(problems(graph.bytes(last, 10)))
        .containsExactlyInAnyOrder(
            "initialiser elsewhere: values must be in the file itself, not in another; save it as"
                + " one file",
            "initialiser short: a shape must have lengths from 0 to 2147483647:"
                + " length=1099511627776",
            "initialiser bytes: values must be floats or whole numbers: type=INT8");
  }

  @Test
  void import_forOtherData_namesBothShapes() {
    HandGraph graph = new HandGraph(17, 1, 3, 8, 8);
    assertThat(problems(graph.bytes(graph.node("Flatten", "x"), 10)))
        .containsExactly("its input must fit the data: input=?×3×8×8, data=1×8×8, or 64 flat");

    HandGraph few = new HandGraph(17, 1, 1, 8, 8);
    assertThat(problems(few.bytes(few.node("Flatten", "x"), 64)))
        .containsExactly(
            "its output must be one value per class of the data: output=[64], classes=10;"
                + " model.head = linear puts a layer for them on features");
  }

  @Test
  void import_shapesThatCannotBeResolved_areRefused() {
    HandGraph graph = new HandGraph(17, 1, 1, 8, 8);
    String last = graph.node("Reshape", "x", graph.longs("s", -1, -1));
    assertThat(problems(graph.bytes(last, 10)).get(0))
        .contains("/Reshape_1", "shape=[-1, -1], input=[1, 8, 8]");
  }

  @Test
  void read_ofAFileThatIsNone_namesItAndTheKey() throws IOException {
    Path text = Files.writeString(directory.resolve("net.onnx"), "not a network");

    assertThatThrownBy(() -> read(text, Optional.empty()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContainingAll(text + ": model.file: a file must be an ONNX model");
    assertThatThrownBy(() -> read(directory.resolve("no.onnx"), Optional.empty()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("model.file: must exist");
    assertThatThrownBy(() -> read(text, Optional.of("0".repeat(64))))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("model.sha256: must be that of the file");
  }

  @Property(tries = 600, seed = "1")
  void import_ofDamagedFiles_worksOrSaysWhatIsWrong(@ForAll long seed) {
    Random random = new Random(seed);
    List<byte[]> files =
        List.of(
            HandNetworks.leNet5(),
            HandNetworks.mobileNet(),
            HandNetworks.perceptron(),
            HandNetworks.denseNet(),
            HandNetworks.groupNorms(),
            ClassicNetworks.shuffleNet(),
            ClassicNetworks.alexNet(),
            HandNetworks.channelsLast());
    byte[] whole = files.get(random.nextInt(files.size()));
    boolean cut = random.nextInt(3) == 0;
    byte[] file = cut ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
    int changes = cut ? 0 : 1 + random.nextInt(8);
    for (int i = 0; i < changes; i++) {
      // Nodes come first in a file, so that most of the damage is to be there
      int within = random.nextBoolean() ? Math.min(file.length, 2500) : file.length;
      file[random.nextInt(within)] = (byte) random.nextInt();
    }

    Throwable thrown = catchThrowable(() -> OnnxImportTest.imported(file));

    assertThat(thrown == null || thrown instanceof GraphException)
        .as("seed %d: %s", seed, thrown)
        .isTrue();
  }

  private static List<String> problems(byte[] file) {
    Throwable thrown = catchThrowable(() -> OnnxImportTest.imported(file));
    assertThat(thrown).isInstanceOf(GraphException.class);
    return thrown instanceof GraphException broken ? broken.problems() : List.of();
  }

  private static void read(Path file, Optional<String> sha256) {
    OnnxImport.read(
        new ModelConfig.Onnx(file, sha256, List.of()), DIGITS, 10, java.util.OptionalInt.empty());
  }
}
