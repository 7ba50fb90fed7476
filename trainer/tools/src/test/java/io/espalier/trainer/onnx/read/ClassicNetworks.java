package io.espalier.trainer.onnx.read;

import static io.espalier.trainer.onnx.read.HandGraph.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;

/** Classic networks in small, for images of 1×8×8 and 10 classes, as their old files spell them. */
final class ClassicNetworks {
  private static final AttributeProto PADDED = attribute("pads", List.of(1L, 1L, 1L, 1L));
  private static final AttributeProto WINDOW = attribute("kernel_shape", List.of(3L, 3L));
  private static final AttributeProto HALVED = attribute("strides", List.of(2L, 2L));

  private ClassicNetworks() {}

  /** Grouped convolutions, shuffles, and a softmax behind a 1×1 convolution. */
  static byte[] shuffleNet() {
    HandGraph graph = new HandGraph(9, 11, 1, 8, 8);
    String stem =
        graph.node("Relu", HandNetworks.convolve(graph, "stem", "x", 12, 1, 3, 1, PADDED));
    String last = graph.node("Relu", HandNetworks.convolve(graph, "in", stem, 32, 6, 1, 2));
    last = shuffled(graph, "shuffle1", last, 2, 16);
    last = HandNetworks.convolve(graph, "depthwise", last, 32, 1, 3, 32, PADDED, HALVED);
    last = graph.norm("norm", last, 32, 1e-5f);
    last = HandNetworks.convolve(graph, "out", last, 12, 16, 1, 2);
    String skip = graph.node("AveragePool", List.of(stem), WINDOW, PADDED, HALVED);
    last = graph.node("Relu", graph.node("Concat", List.of(last, skip), attribute("axis", 1)));
    last = graph.node("Mul", last, graph.number("half", 0.5f));
    last = shuffled(graph, "shuffle2", last, 2, 12);
    last = graph.node("Dropout", HandNetworks.convolve(graph, "last", last, 18, 12, 1, 2));
    last = graph.node("GlobalAveragePool", graph.node("Relu", last));
    last = HandNetworks.convolve(graph, "classes", last, 10, 18, 1, 1);
    last = graph.node("Softmax", last);
    return graph.bytes(graph.node("Reshape", last, graph.longs("flat", -1, 10)), 10);
  }

  /** Local response norms, windows beyond the image, and biases that are made in the graph. */
  static byte[] alexNet() {
    HandGraph graph = new HandGraph(9, 12, 1, 8, 8);
    String last =
        graph.node("Relu", HandNetworks.convolve(graph, "conv1", "x", 8, 1, 3, 1, PADDED));
    last = graph.node("LRN", List.of(last), attribute("size", 5), attribute("alpha", 2f));
    last = graph.node("MaxPool", List.of(last), WINDOW, HALVED);
    String weight = graph.weight("conv2.weight", 12, 4, 3, 3);
    String bias = graph.node("ConstantOfShape", List.of(graph.longs("length", 12)), filling());
    last = graph.node("Conv", List.of(last, weight, bias), attribute("group", 2), PADDED);
    last =
        graph.node(
            "LRN",
            List.of(graph.node("Relu", last)),
            attribute("size", 3),
            attribute("alpha", 0.5f),
            attribute("beta", 0.5f),
            attribute("bias", 2f));
    last = graph.node("Relu", HandNetworks.convolve(graph, "conv3", last, 10, 12, 3, 1, PADDED));
    // One window over all of the image and a row and a column behind it
    last =
        graph.node(
            "AveragePool",
            List.of(last),
            attribute("kernel_shape", List.of(4L, 4L)),
            attribute("pads", List.of(0L, 0L, 1L, 1L)));
    last = graph.node("Reshape", last, graph.longs("flat", -1, 10));
    last =
        graph.node(
            "Gemm",
            List.of(last, graph.weight("fc.weight", 10, 10), graph.uniform("fc.bias", -1, 1, 10)),
            attribute("transB", 1));
    return graph.bytes(graph.node("Softmax", last), 10);
  }

  private static AttributeProto filling() {
    return AttributeProto.newBuilder()
        .setName("value")
        .setType(AttributeProto.AttributeType.TENSOR)
        .setT(TensorProto.newBuilder().setDataType(1).addDims(1).addFloatData(0.25f))
        .build();
  }

  private static String shuffled(
      HandGraph graph, String name, String input, int groups, int block) {
    int side = name.endsWith("1") ? 8 : 4;
    String apart =
        graph.node("Reshape", input, graph.longs(name + ".apart", -1, groups, block, side, side));
    String dealt =
        graph.node("Transpose", List.of(apart), attribute("perm", List.of(0L, 2L, 1L, 3L, 4L)));
    return graph.node(
        "Reshape", dealt, graph.longs(name + ".together", -1, (long) groups * block, side, side));
  }
}
