package io.espalier.trainer.onnx.read;

import static io.espalier.trainer.onnx.read.HandGraph.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.engine.block.EvaluationPass;
import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Activation.Function;
import io.espalier.trainer.network.Attention;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.ImportedNetwork;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.PositionNorm;
import io.espalier.trainer.network.RotaryEmbedding;
import io.espalier.trainer.onnx.OnnxNetwork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Attention, norms and activations in spellings that no exporter of the other tests uses. */
class AttentionImportTest {
  private static final int POSITIONS = 5;
  private static final int FEATURES = 4;
  private static final long INT_64 = 7;
  private static final float[] TOKENS = {1, 2, 8, 3, 5, 4, 4, 0, 7, 6};

  /** A file of tokens as floats. */
  private static HandGraph graph() {
    return new HandGraph(20, 1, POSITIONS);
  }

  private static String embedded(HandGraph graph) {
    String numbers = graph.node("Cast", List.of("x"), attribute("to", INT_64));
    return graph.node("Gather", graph.uniform("table", -1, 1, 9, FEATURES), numbers);
  }

  private static String heads(HandGraph graph, String from, String weight, Long... order) {
    String linear = graph.node("MatMul", from, graph.weight(weight, FEATURES, FEATURES));
    String split = graph.node("Reshape", linear, graph.longs(weight + ".s", 0, POSITIONS, 2, 2));
    return graph.node("Transpose", List.of(split), attribute("perm", List.of(order)));
  }

  private static String products(HandGraph graph, String from) {
    return graph.node(
        "MatMul", heads(graph, from, "q", 0L, 2L, 1L, 3L), heads(graph, from, "k", 0L, 2L, 3L, 1L));
  }

  private static String means(HandGraph graph, String from, String products) {
    String weights = graph.node("Softmax", List.of(products), attribute("axis", -1));
    String means = graph.node("MatMul", weights, heads(graph, from, "v", 0L, 2L, 1L, 3L));
    String back =
        graph.node("Transpose", List.of(means), attribute("perm", List.of(0L, 2L, 1L, 3L)));
    return graph.node("Reshape", back, graph.longs("together", 0, POSITIONS, FEATURES));
  }

  private static String mask(HandGraph graph, float shown, float hidden) {
    float[] values = new float[POSITIONS * POSITIONS];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % POSITIONS > i / POSITIONS ? hidden : shown;
    }
    return graph.floats("mask", values, POSITIONS, POSITIONS);
  }

  @Test
  void import_fusedNormsAndGelusAndAMaskByWhere_givesTheFeaturesThatOnnxRuntimeGives() {
    // Given a causal decoder, whose scale is another one than 1 / √size
    HandGraph graph = graph();
    String x = embedded(graph);
    String norm =
        graph.node(
            "LayerNormalization",
            List.of(
                x, graph.uniform("n.scale", 0, 1, FEATURES), graph.uniform("n.b", 0, 1, FEATURES)),
            attribute("epsilon", 1e-6f));
    String scaled = graph.node("Mul", products(graph, norm), graph.number("scale", 0.3f));
    String earlier = graph.node("Trilu", List.of(mask(graph, 1, 1)), attribute("upper", 0L));
    String condition = graph.node("Greater", earlier, graph.number("zero", 0));
    String seen = graph.node("Where", condition, scaled, graph.number("lowest", -1e9f));
    String sum = graph.node("Add", x, means(graph, norm, seen));
    String tanh = graph.node("Gelu", List.of(sum), attribute("approximate", "tanh"));
    String exact = graph.node("Gelu", tanh);
    // And an RMS norm that multiplies by one over the root
    String square = graph.node("Pow", exact, graph.number("two", 2));
    String mean = graph.node("ReduceMean", square, graph.longs("last", -1));
    String root = graph.node("Sqrt", graph.node("Add", mean, graph.number("epsilon", 1e-3f)));
    String rms = graph.node("Mul", exact, graph.node("Reciprocal", root));
    String silu = graph.node("Mul", rms, graph.node("Sigmoid", rms));
    byte[] file = graph.bytes(silu, POSITIONS, FEATURES);

    // When
    ImportedNetwork imported = imported(file);

    // Then
    assertThat(imported.network().nodes())
        .extracting(GraphNode::layer)
        .contains(
            new PositionNorm(true, 0, 1e-6f),
            new Attention(2, true),
            new Activation(Function.GELU_TANH),
            new Activation(Function.GELU),
            new PositionNorm(false, 0, 1e-3f),
            new Activation(Function.SILU));
    requireSame(imported, file);
  }

  @Test
  void import_powersThatArePartOfNoLayer_areComputed() {
    HandGraph graph = graph();
    String x = embedded(graph);
    String cube = graph.node("Pow", x, graph.number("three", 3));
    String sum = graph.node("Add", cube, graph.node("Mul", x, x));
    byte[] file = graph.bytes(graph.node("Relu", sum), POSITIONS, FEATURES);

    requireSame(imported(file), file);
  }

  @Test
  void import_masksThatHideOtherThings_areRefused() {
    HandGraph later = graph();
    String x = embedded(later);
    String reversed = later.node("Add", products(later, x), mask(later, -1e9f, 0));
    assertThat(problems(later.bytes(means(later, x, reversed), POSITIONS, FEATURES)))
        .containsExactly(
            "node /MatMul_15 (MatMul): a mask of attention must hide padding, or all later positions:"
                + " row=0, key=0");

    HandGraph soft = graph();
    x = embedded(soft);
    String weak = soft.node("Add", products(soft, x), mask(soft, 0, -3));
    assertThat(problems(soft.bytes(means(soft, x, weak), POSITIONS, FEATURES)))
        .first()
        .asString()
        .contains("a mask of attention must add 0 or a large negative number: value=-3.0");
  }

  /** Heads whose halves change places, and a table of numbers times either. */
  private static String turned(HandGraph graph, boolean negated, int wrong) {
    String x = heads(graph, embedded(graph), "w", 0L, 2L, 1L, 3L);
    graph.longs("0", 0);
    graph.longs("1", 1);
    graph.longs("2", 2);
    graph.longs("last", -1);
    String second = graph.node("Slice", x, "1", "2", "last");
    String front = negated ? graph.node("Neg", second) : second;
    List<String> halves = List.of(front, graph.node("Slice", x, "0", "1", "last"));
    String swapped = graph.node("Concat", halves, attribute("axis", -1));
    float[] cosines = new float[2 * POSITIONS];
    float[] sines = new float[2 * POSITIONS];
    for (int i = 0; i < cosines.length; i++) {
      int position = i / 2;
      cosines[i] = (float) Math.cos(position);
      sines[i] = (float) Math.sin(i == wrong ? 0.5 : position);
    }
    String kept = graph.node("Mul", graph.floats("cos", cosines, POSITIONS, 2), x);
    String sum =
        graph.node(
            "Add", graph.node("Mul", swapped, graph.floats("sin", sines, 1, POSITIONS, 2)), kept);
    String back = graph.node("Transpose", List.of(sum), attribute("perm", List.of(0L, 2L, 1L, 3L)));
    return graph.node("Reshape", back, graph.longs("back", 0, POSITIONS, FEATURES));
  }

  @Test
  void import_halvesOfHeadsThatAreTurned_areARotaryEmbedding() {
    HandGraph graph = graph();
    byte[] file = graph.bytes(turned(graph, true, -1), POSITIONS, FEATURES);
    ImportedNetwork imported = imported(file);

    assertThat(imported.network().nodes())
        .extracting(GraphNode::layer)
        .endsWith(new RotaryEmbedding(2, 10_000));
    requireSame(imported, file);
  }

  @Test
  void import_halvesOfHeadsThatAreTurnedOtherwise_areRefused() {
    HandGraph wrong = graph();
    assertThat(problems(wrong.bytes(turned(wrong, true, 3), POSITIONS, FEATURES)))
        .containsExactly(
            "node /Add_12 (Add): sums of products with constants for each place must turn pairs of"
                + " features, as a rotary embedding does");

    HandGraph bare = graph();
    assertThat(problems(bare.bytes(turned(bare, false, -1), POSITIONS, FEATURES)))
        .containsExactly(
            "node /Concat_8 (Concat): halves of heads must change places, the second one negated,"
                + " as a rotary embedding does");
  }

  @Test
  void import_wholeNumbersThatAreNoTokens_areRefused() {
    HandGraph graph = graph();
    String numbers = graph.node("Cast", List.of("x"), attribute("to", INT_64));
    String floats = graph.node("Cast", List.of(numbers), attribute("to", 1L));
    String linear = graph.node("MatMul", floats, graph.weight("w", POSITIONS, FEATURES));

    assertThat(problems(graph.bytes(linear, FEATURES)))
        .containsExactly(
            "an input of whole numbers must be read as tokens that choose rows of a table: input=x");
  }

  private static ImportedNetwork imported(byte[] file) {
    return OnnxImportTest.imported(file, new ImageShape(1, 1, POSITIONS), FEATURES);
  }

  private static void requireSame(ImportedNetwork imported, byte[] file) {
    Map<ParameterId, float[]> values = new LinkedHashMap<>();
    List<float[]> all = imported.values();
    for (int i = 0; i < all.size(); i++) {
      values.put(imported.network().parameters().get(i).id(), all.get(i));
    }
    try (OnnxNetwork runtime = OnnxNetwork.load(file)) {
      assertThat(EvaluationPass.run(imported.network(), values, 2, TOKENS))
          .containsExactly(runtime.run(TOKENS), within(1e-5f));
    }
  }

  private static List<String> problems(byte[] file) {
    Throwable thrown = catchThrowable(() -> imported(file));
    assertThat(thrown).isInstanceOf(GraphException.class);
    return thrown instanceof GraphException broken ? broken.problems() : List.of();
  }
}
