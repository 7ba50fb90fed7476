package io.espalier.trainer.onnx.read;

import static io.espalier.trainer.onnx.read.HandGraph.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.engine.block.EvaluationPass;
import io.espalier.trainer.network.FirstPosition;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.ImportedNetwork;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.onnx.OnnxNetwork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Spellings of the first position of a sequence. */
class FirstPositionImportTest {
  private static final int POSITIONS = 5;
  private static final int FEATURES = 4;
  private static final long INT_64 = 7;
  private static final float[] TOKENS = {1, 2, 8, 3, 5, 4, 4, 0, 7, 6};

  private static Arguments spelling(String name, BiFunction<HandGraph, String, String> choice) {
    return Arguments.of(name, choice);
  }

  static Stream<Arguments> spellings() {
    return Stream.of(
        spelling("an index", (graph, x) -> gathered(graph, x, 1)),
        spelling(
            "a list of one index",
            (graph, x) ->
                graph.node(
                    "Squeeze",
                    graph.node("Gather", List.of(x, graph.longs("i", 0)), attribute("axis", 1)),
                    graph.longs("axes", 1))),
        spelling(
            "an index of a sequence with features first",
            (graph, x) -> gathered(graph, turned(graph, x), 2)),
        spelling(
            "a slice and a squeeze",
            (graph, x) -> graph.node("Squeeze", sliced(graph, x, 1, 0, 1), graph.longs("axes", 1))),
        spelling(
            "a slice and a reshape",
            (graph, x) ->
                graph.node(
                    "Reshape", sliced(graph, x, 1, 0, 1), graph.longs("shape", -1, FEATURES))),
        spelling(
            "slices of whole axes before",
            (graph, x) ->
                gathered(
                    graph,
                    sliced(graph, sliced(graph, x, 0, 0, Long.MAX_VALUE), 2, 0, FEATURES),
                    1)),
        spelling(
            "a slice of a scaled sequence",
            (graph, x) ->
                graph.node(
                    "Flatten",
                    sliced(graph, graph.node("Mul", x, graph.number("half", 0.5f)), 1, 0, 1))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spellings")
  void import_firstPosition_isItsLayer(String name, BiFunction<HandGraph, String, String> choice) {
    HandGraph graph = new HandGraph(17, 1, POSITIONS);
    String first = choice.apply(graph, embedded(graph));
    String linear = graph.node("MatMul", first, graph.weight("w", FEATURES, 3));
    byte[] file = graph.bytes(graph.node("Tanh", linear), 3);

    ImportedNetwork imported = OnnxImportTest.imported(file, new ImageShape(1, 1, POSITIONS), 3);

    assertThat(imported.network().nodes())
        .extracting(GraphNode::layer)
        .contains(new FirstPosition());
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

  @Test
  void import_otherParts_areRefusedWithTheReason() {
    HandGraph graph = new HandGraph(17, 1, POSITIONS);
    String x = embedded(graph);
    String second = graph.node("Gather", List.of(x, graph.longs("one", 1)), attribute("axis", 1));
    String two = graph.node("Gather", List.of(x, graph.longs("two", 0, 1)), attribute("axis", 1));
    String feature = gathered(graph, x, 2);
    String last = sliced(graph, x, 1, 4, 5);
    String batch = sliced(graph, x, 0, 0, 1);
    String sum = graph.node("Sum", second, two, feature, last, batch);

    assertThat(problems(graph.bytes(sum, FEATURES)))
        .startsWith(
            "node /Gather_3 (Gather): an index of a sequence's positions must be that of the first"
                + " one, 0: indices=1",
            "node /Gather_4 (Gather): an index of a sequence's positions must be that of the first"
                + " one, 0: indices=[2] numbers",
            "node /Gather_6 (Gather): its operator is supported only where it does not depend on"
                + " the example, or as part of a layer that is spelt out: operator=Gather, opset=17",
            "node /Slice_7 (Slice): a slice of a sequence must be its first position, with all"
                + " features: positions from 4, number=1",
            "node /Slice_8 (Slice): it must leave the batch as it is: examples from 0, number=1");
  }

  private static String embedded(HandGraph graph) {
    String numbers = graph.node("Cast", List.of("x"), attribute("to", INT_64));
    return graph.node("Gather", graph.uniform("table", -1, 1, 9, FEATURES), numbers);
  }

  private static String turned(HandGraph graph, String x) {
    return graph.node("Transpose", List.of(x), attribute("perm", List.of(0L, 2L, 1L)));
  }

  private static String gathered(HandGraph graph, String x, long axis) {
    String zero = graph.node("Constant", List.of(), attribute("value_int", 0));
    return graph.node("Gather", List.of(x, zero), attribute("axis", axis));
  }

  private static String sliced(HandGraph graph, String x, long axis, long start, long end) {
    String name = x + "." + axis;
    return graph.node(
        "Slice",
        x,
        graph.longs(name + ".start", start),
        graph.longs(name + ".end", end),
        graph.longs(name + ".axis", axis));
  }

  private static List<String> problems(byte[] file) {
    Throwable thrown =
        catchThrowable(
            () -> OnnxImportTest.imported(file, new ImageShape(1, 1, POSITIONS), FEATURES));
    assertThat(thrown).isInstanceOf(GraphException.class);
    return thrown instanceof GraphException broken ? broken.problems() : List.of();
  }
}
