package io.espalier.trainer.onnx.read;

import static io.espalier.trainer.onnx.read.HandGraph.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.engine.block.EvaluationPass;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.ImportedNetwork;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.onnx.OnnxNetwork;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Graphs whose batch is not the first axis for a while, and parts of one linear layer. */
class BatchPlaceImportTest {
  private static final long INT_64 = 7;
  private static final int POSITIONS = 5;
  private static final int FEATURES = 4;
  private static final float[] TOKENS = {1, 2, 8, 3, 5, 4, 4, 0, 7, 6};

  private static Arguments spelling(String name, BiFunction<HandGraph, String, String> middle) {
    return Arguments.of(name, middle);
  }

  static Stream<Arguments> spellings() {
    return Stream.of(
        spelling(
            "a layer at each position, the batch second",
            (graph, x) -> turned(graph, linear(graph, turned(graph, x, 1, 0, 2)), 1, 0, 2)),
        spelling(
            "a layer of all texts and positions in rows",
            (graph, x) ->
                graph.node(
                    "Reshape",
                    linear(graph, graph.node("Reshape", x, graph.longs("rows", -1, FEATURES))),
                    graph.longs("texts", -1, POSITIONS, FEATURES))),
        spelling(
            "a constant of each position, the batch second",
            (graph, x) ->
                turned(
                    graph,
                    graph.node(
                        "Add",
                        turned(graph, x, 1, 0, 2),
                        graph.uniform("places", -1, 1, POSITIONS, 1, FEATURES)),
                    1,
                    0,
                    2)),
        spelling(
            "the batch last, and behind an axis of its own",
            (graph, x) ->
                graph.node(
                    "Squeeze",
                    turned(
                        graph,
                        graph.node("Unsqueeze", turned(graph, x, 2, 1, 0), graph.longs("front", 0)),
                        3,
                        2,
                        1,
                        0),
                    graph.longs("back", 3))),
        spelling(
            "slices of a layer's features",
            (graph, x) -> {
              String both = graph.node("MatMul", x, graph.weight("both", FEATURES, 2 * FEATURES));
              return graph.node(
                  "Mul",
                  sliced(graph, both, 0, FEATURES),
                  graph.node("Tanh", sliced(graph, both, FEATURES, 2 * FEATURES)));
            }),
        spelling(
            "every other feature of a layer, the batch second",
            (graph, x) -> {
              String both = graph.node("MatMul", x, graph.weight("both", FEATURES, 2 * FEATURES));
              String pairs =
                  turned(
                      graph,
                      graph.node("Reshape", both, graph.longs("pairs", 0, POSITIONS, FEATURES, 2)),
                      3,
                      1,
                      0,
                      2);
              String odd =
                  graph.node("Gather", List.of(pairs, index(graph, 1)), attribute("axis", 0));
              return turned(graph, odd, 1, 0, 2);
            }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spellings")
  void import_batchElsewhere_runsTheSame(
      String name, BiFunction<HandGraph, String, String> middle) {
    HandGraph graph = new HandGraph(17, 1, POSITIONS);
    String x = middle.apply(graph, embedded(graph));
    String mean =
        graph.node(
            "ReduceMean", List.of(x), attribute("axes", List.of(1L)), attribute("keepdims", 0));
    byte[] file = graph.bytes(graph.node("MatMul", mean, graph.weight("w", FEATURES, 3)), 3);

    ImportedNetwork imported = OnnxImportTest.imported(file, new ImageShape(1, 1, POSITIONS), 3);

    Map<ParameterId, float[]> values = new LinkedHashMap<>();
    for (int i = 0; i < imported.values().size(); i++) {
      values.put(imported.network().parameters().get(i).id(), imported.values().get(i));
    }
    try (OnnxNetwork runtime = OnnxNetwork.load(file)) {
      assertThat(EvaluationPass.run(imported.network(), values, 2, TOKENS))
          .containsExactly(runtime.run(TOKENS), within(1e-5f));
    }
  }

  @Test
  void import_partsOfOneLayer_areLayersWithoutTheWhole() {
    HandGraph graph = new HandGraph(17, 1, POSITIONS);
    String both = graph.node("MatMul", embedded(graph), graph.weight("both", FEATURES, 6));
    String sum = graph.node("Tanh", sliced(graph, both, 2, 5));
    String mean =
        graph.node(
            "ReduceMean", List.of(sum), attribute("axes", List.of(1L)), attribute("keepdims", 0));

    ImportedNetwork imported =
        OnnxImportTest.imported(graph.bytes(mean, 3), new ImageShape(1, 1, POSITIONS), 3);

    assertThat(imported.network().nodes())
        .extracting(GraphNode::layer)
        .contains(new Linear(3, false))
        .doesNotContain(new Linear(6, false));
  }

  @Test
  void import_whatHasNoLayer_isRefusedWithTheReason() {
    HandGraph graph = new HandGraph(17, 1, POSITIONS);
    String x = embedded(graph);
    String second = turned(graph, x, 1, 0, 2);
    String ofTexts = graph.node("Add", second, graph.uniform("two", -1, 1, POSITIONS, 2, FEATURES));
    String ofAll = graph.node("Softmax", List.of(second), attribute("axis", 0));
    String place = graph.node("Gather", List.of(second, index(graph, 1)), attribute("axis", 0));
    String mixed = graph.node("Add", second, x);
    String split = graph.node("Split", List.of(x), attribute("axis", 2));
    String sum = graph.node("Sum", ofTexts, ofAll, place, mixed, split);

    assertThat(problems(graph.bytes(sum, FEATURES)))
        .startsWith(
            "node /Add_4 (Add): a constant must be the same for all examples: shape=[5, 2, 4]",
            "node /Softmax_5 (Softmax): an operation on values whose batch is not first must be over"
                + " the last axis: axis=0",
            "node /Gather_7 (Gather): a part of a value must be features of a linear layer, at all"
                + " positions: axis=0, first=1, number=1",
            "node /Add_8 (Add): its inputs must have the batch at the same place",
            "node /Split_9 (Split): a part of a value must be features of a linear layer, at all"
                + " positions: axis=2, first=0, number=4");
  }

  private static String embedded(HandGraph graph) {
    String numbers = graph.node("Cast", List.of("x"), attribute("to", INT_64));
    return graph.node("Gather", graph.uniform("table", -1, 1, 9, FEATURES), numbers);
  }

  private static String index(HandGraph graph, long place) {
    return graph.node("Constant", List.of(), attribute("value_int", place));
  }

  private static String turned(HandGraph graph, String x, long... order) {
    List<Long> axes = Arrays.stream(order).boxed().toList();
    return graph.node("Transpose", List.of(x), attribute("perm", axes));
  }

  private static String linear(HandGraph graph, String x) {
    String product = graph.node("MatMul", x, graph.weight("inner", FEATURES, FEATURES));
    return graph.node("Add", product, graph.uniform("bias", -1, 1, FEATURES));
  }

  private static String sliced(HandGraph graph, String x, long start, long end) {
    String name = x + "." + start;
    return graph.node(
        "Slice",
        x,
        graph.longs(name + ".start", start),
        graph.longs(name + ".end", end),
        graph.longs(name + ".axis", 2));
  }

  private static List<String> problems(byte[] file) {
    Throwable thrown =
        catchThrowable(
            () -> OnnxImportTest.imported(file, new ImageShape(1, 1, POSITIONS), FEATURES));
    assertThat(thrown).isInstanceOf(GraphException.class);
    return thrown instanceof GraphException broken ? broken.problems() : List.of();
  }
}
