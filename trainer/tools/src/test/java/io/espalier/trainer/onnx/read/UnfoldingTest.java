package io.espalier.trainer.onnx.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.espalier.trainer.file.HeapRoom;
import io.espalier.trainer.network.ImageShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnfoldingTest {
  private static final ImageShape DIGITS = new ImageShape(1, 8, 8);
  private static final long MEGABYTE = 1L << 20;

  private final HandGraph graph = new HandGraph(17, 1, 1, 8, 8);

  @Test
  void import_ofAColumnPlusARow_isRefusedBeforeTheirSumIsMade() {
    String column = graph.floats("column", new float[1 << 14], 1 << 14, 1);
    String row = graph.floats("row", new float[1 << 14], 1, 1 << 14);
    byte[] file = graph.bytes(graph.node("Add", "x", graph.node("Mul", column, row)), 10);

    assertThat(file).hasSizeLessThan(132_000);
    assertThat(problems(file, 2048))
        .singleElement()
        .asString()
        .startsWith(
            "node /Mul_1 (Mul): what a file unfolds to must fit into half of the Java heap: 5121 MB"
                + " more, half of the heap=1024 MB; give more heap: ESPALIER_JAVA_OPTS=-Xmx…");
  }

  @Test
  void import_ofAShapeThatIsFilled_isRefusedBeforeItIs() {
    String shape = graph.longs("shape", 1 << 16, 1 << 14);
    byte[] file = graph.bytes(graph.node("Add", "x", graph.node("ConstantOfShape", shape)), 10);

    assertThat(file).hasSizeLessThan(300);
    assertThat(problems(file, 4096))
        .singleElement()
        .asString()
        .startsWith(
            "node /ConstantOfShape_1 (ConstantOfShape): what a file unfolds to must fit into half"
                + " of the Java heap: 4097 MB more, half of the heap=2048 MB");
  }

  @Test
  void import_ofManyShapesThatAreFilled_isRefusedOnceTheyAreTooMuch() {
    String shape = graph.longs("shape", 1 << 10, 1 << 10);
    List<String> filled = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      filled.add(graph.node("ConstantOfShape", shape));
    }

    assertThat(problems(graph.bytes(graph.node("Sum", filled), 10), 64))
        .singleElement()
        .asString()
        .startsWith("node /ConstantOfShape_8 (ConstantOfShape): what a file unfolds to must fit");
  }

  @Test
  void import_ofAnExpandedValueOrALongRange_isRefused() {
    String expanded = graph.node("Expand", graph.number("one", 1), graph.longs("s", 1 << 28));
    String range =
        graph.node(
            "Range", graph.number("from", 0), graph.number("to", 1e9f), graph.number("by", 1));
    byte[] file = graph.bytes(graph.node("Sum", "x", range), 10);
    byte[] other = graph.bytes(graph.node("Sum", "x", expanded), 10);

    assertThat(problems(other, 512)).anyMatch(each -> each.contains("(Expand): what a file"));
    assertThat(problems(file, 512)).anyMatch(each -> each.contains("(Range): what a file"));
  }

  @Test
  void import_ofTheSizesOfABatchAsValues_isRefused() {
    String sizes = graph.node("Gather", graph.node("Shape", "x"), graph.longs("first", 0));

    assertThat(problems(graph.bytes(graph.node("Add", "x", sizes), 10), 512))
        .singleElement()
        .asString()
        .contains("a value must not depend on the size of the batch");
  }

  @Test
  void import_ofListsThatDouble_isRefused() {
    String list = graph.longs("list", new long[1 << 10]);
    for (int i = 0; i < 20; i++) {
      list = graph.node("Concat", List.of(list, list), HandGraph.attribute("axis", 0));
    }

    assertThat(problems(graph.bytes(graph.node("Reshape", "x", list), 10), 512))
        .singleElement()
        .asString()
        .contains("(Concat): what a file unfolds to must fit");
  }

  @Test
  void import_ofOneWeightInThousandsOfLayers_isRefused() {
    String weight = graph.weight("w", 64, 64);
    String last = graph.node("Flatten", "x");
    for (int i = 0; i < 3000; i++) {
      last = graph.node("Relu", graph.node("MatMul", last, weight));
    }
    byte[] file = graph.bytes(last, 10);

    assertThat(problems(file, 64))
        .singleElement()
        .asString()
        .contains(
            "(MatMul): what a file unfolds to must fit into half of the Java heap: 1 MB more");
  }

  @Test
  void import_ofSignalsThatAreMovedWithoutEnd_isRefused() {
    String last = graph.node("Reshape", "x", graph.longs("image", -1, 1, 8, 8));
    for (int i = 0; i < 10; i++) {
      last = graph.node("Concat", List.of(last, last), HandGraph.attribute("axis", 1));
    }
    String scale = graph.weight("scale", 1, 1 << 10, 1, 1);
    for (int i = 0; i < 200; i++) {
      last = graph.node("Mul", last, scale);
    }

    assertThat(problems(graph.bytes(last, 10), new Unfolding(HeapRoom.ofProcess(), 1 << 24)))
        .singleElement()
        .asString()
        .contains("(Mul): a file must unfold to at most 16777216 values");
  }

  @Test
  void import_ofShapesWithoutEnd_isRefused() {
    long[] axes = new long[100_000];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = i + 1L;
    }
    String last = graph.node("Unsqueeze", "x", graph.longs("axes", axes));

    assertThat(problems(graph.bytes(last, 10), 512).get(0))
        .contains("at most 64 axes: axes=100003");
  }

  @Test
  void import_ofASumOfManyTerms_hasLayersUpToABound() {
    String last = graph.node("Sum", Collections.nCopies(50_000, "x"));

    assertThat(problems(graph.bytes(last, 10), 512))
        .containsExactly("node /Sum_1 (Sum): a network must have at most 40000 layers");
  }

  private static List<String> problems(byte[] file, long heapMegabytes) {
    HeapRoom room = HeapRoom.ofHeap(heapMegabytes * MEGABYTE);
    return problems(file, new Unfolding(room, Unfolding.MOST_VALUES));
  }

  private static List<String> problems(byte[] file, Unfolding unfolding) {
    Throwable thrown = catchThrowable(() -> OnnxImportTest.imported(file, DIGITS, 10, unfolding));
    assertThat(thrown).isInstanceOf(GraphException.class);
    return thrown instanceof GraphException broken ? broken.problems() : List.of();
  }
}
