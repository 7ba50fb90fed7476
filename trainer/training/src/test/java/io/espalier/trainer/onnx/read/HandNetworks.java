package io.espalier.trainer.onnx.read;

import static io.espalier.trainer.onnx.read.HandGraph.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.List;

/** Networks for images of 1×8×8 and 10 classes, as mainstream exporters write them. */
final class HandNetworks {
  private static final AttributeProto PADDED = attribute("pads", List.of(1L, 1L, 1L, 1L));
  private static final AttributeProto HALVED = attribute("strides", List.of(2L, 2L));

  private HandNetworks() {}

  /** Convolutions, pooling and a flatten whose shape is worked out of the batch's length. */
  static byte[] leNet5() {
    HandGraph graph = new HandGraph(17, 1, 1, 8, 8);
    String last = convolve(graph, "features.0", "x", 6, 1, 3, 1, PADDED);
    last = graph.node("Relu", last);
    last = pool(graph, "MaxPool", last);
    last = convolve(graph, "features.3", last, 16, 6, 3, 1, PADDED);
    last = pool(graph, "MaxPool", graph.node("Relu", last));
    String shape = graph.node("Shape", last);
    String batch =
        graph.node("Gather", List.of(shape, graph.longs("zero", 0)), attribute("axis", 0));
    String target =
        graph.node("Concat", List.of(batch, graph.longs("rest", -1)), attribute("axis", 0));
    last = graph.node("Reshape", last, target);
    last = graph.node("Dropout", last);
    last = graph.node("Tanh", gemm(graph, "classifier.1", last, 64, 20));
    last = gemm(graph, "classifier.3", last, 20, 10);
    return graph.bytes(graph.node("Softmax", List.of(last), attribute("axis", -1)), 10);
  }

  /** Residual blocks with batch norm; the mean over height and width, and a Gemm at the end. */
  static byte[] resNet() {
    HandGraph graph = new HandGraph(13, 2, 1, 8, 8);
    String last = convolve(graph, "conv1", "x", 8, 1, 3, 1, PADDED);
    last = graph.node("Relu", graph.norm("bn1", last, 8, 1e-3f));
    last = block(graph, "layer1.0", last, 8, 8);
    last = block(graph, "layer2.0", last, 8, 12);
    last = graph.node("GlobalAveragePool", last);
    last = graph.node("Flatten", List.of(last), attribute("axis", 1));
    return graph.bytes(gemm(graph, "fc", last, 12, 10), 10);
  }

  private static String block(HandGraph graph, String name, String input, int from, int to) {
    boolean same = from == to;
    AttributeProto[] down =
        same ? new AttributeProto[] {PADDED} : new AttributeProto[] {PADDED, HALVED};
    String last = convolve(graph, name + ".conv1", input, to, from, 3, 1, down);
    last = graph.node("Relu", graph.norm(name + ".bn1", last, to, 1e-5f));
    last = convolve(graph, name + ".conv2", last, to, to, 3, 1, PADDED);
    last = graph.norm(name + ".bn2", last, to, 1e-5f);
    String skip =
        same
            ? graph.node("Identity", input)
            : graph.norm(
                name + ".down.1",
                convolve(graph, name + ".down.0", input, to, from, 1, 1, HALVED),
                to,
                1e-5f);
    return graph.node("Relu", graph.node("Add", last, skip));
  }

  /**
   * Depth-wise convolutions with sides padded differently, Relu6, hard swish, squeeze and excite.
   */
  static byte[] mobileNet() {
    HandGraph graph = new HandGraph(17, 3, 1, 8, 8);
    String last =
        graph.node(
            "Conv",
            List.of("x", graph.weight("stem/Conv2D/ReadVariableOp:0", 6, 1, 3, 3)),
            attribute("auto_pad", "SAME_UPPER"),
            HALVED);
    last = graph.norm("stem_bn", last, 6, 1e-3f);
    last = relu6(graph, last);
    last = convolve(graph, "dw1", last, 6, 1, 3, 6, PADDED);
    last = relu6(graph, last);
    last = convolve(graph, "pw1", last, 8, 6, 1, 1);
    String gate = graph.node("GlobalAveragePool", last);
    gate = graph.node("Relu", convolve(graph, "se.reduce", gate, 4, 8, 1, 1));
    gate = convolve(graph, "se.expand", gate, 8, 4, 1, 1);
    gate =
        graph.node(
            "HardSigmoid", List.of(gate), attribute("alpha", 1 / 6f), attribute("beta", 0.5f));
    last = graph.node("Mul", last, gate);
    last = hardSwish(graph, last);
    last =
        convolve(
            graph, "dw2", last, 8, 1, 3, 8, attribute("pads", List.of(0L, 0L, 1L, 1L)), HALVED);
    last = graph.node("HardSwish", last);
    last =
        graph.node(
            "ReduceMean",
            List.of(last),
            attribute("axes", List.of(2L, 3L)),
            attribute("keepdims", 1));
    last = convolve(graph, "classifier", last, 10, 8, 1, 1);
    return graph.bytes(graph.node("Reshape", last, graph.longs("flat", -1, 10)), 10);
  }

  private static String relu6(HandGraph graph, String input) {
    String name = "six" + input;
    return graph.node("Clip", input, graph.number(name + "min", 0), graph.number(name + "max", 6));
  }

  /** {@code x · relu6(x + 3) / 6}, spelt out. */
  private static String hardSwish(HandGraph graph, String input) {
    String gate = relu6(graph, graph.node("Add", input, graph.number("three", 3)));
    return graph.node("Div", graph.node("Mul", input, gate), graph.number("six", 6));
  }

  /** Matrix products with sums behind them, and Gelus spelt out with erf; flat inputs. */
  static byte[] perceptron() {
    HandGraph graph = new HandGraph(12, 4, 64);
    String last = dense(graph, "dense/MatMul/ReadVariableOp:0", "x", 64, 20);
    String erf =
        graph.node("Erf", graph.node("Div", last, graph.number("root", (float) Math.sqrt(2))));
    String plus = graph.node("Add", erf, graph.number("one", 1));
    last = graph.node("Mul", graph.node("Mul", last, plus), graph.number("half", 0.5f));
    last = dense(graph, "dense_1/MatMul/ReadVariableOp:0", last, 20, 16);
    last = graph.node("LeakyRelu", List.of(last), attribute("alpha", 0.2f));
    last =
        graph.node(
            "Sub", graph.node("Mul", last, graph.number("two", 2)), graph.number("half2", 0.5f));
    return graph.bytes(dense(graph, "dense_2/MatMul/ReadVariableOp:0", last, 16, 10), 10);
  }

  private static String dense(HandGraph graph, String name, String input, int from, int to) {
    String product = graph.node("MatMul", input, graph.weight(name, from, to));
    return graph.node("Add", product, graph.uniform(name + "bias", -0.2f, 0.2f, to));
  }

  /** Layers that read all before them; scales and shifts per channel; average pooling. */
  static byte[] denseNet() {
    HandGraph graph = new HandGraph(11, 5, 1, 8, 8);
    String all = convolve(graph, "features.conv0", "x", 6, 1, 3, 1, PADDED);
    for (int i = 0; i < 3; i++) {
      int channels = 6 + 4 * i;
      String scaled =
          graph.node("Mul", all, graph.uniform("scale" + i, 0.5f, 1.5f, 1, channels, 1, 1));
      String last =
          graph.node("Add", scaled, graph.uniform("shift" + i, -0.3f, 0.3f, channels, 1, 1));
      last = graph.node("Relu", last);
      last = convolve(graph, "features.layer" + i, last, 4, channels, 3, 1, PADDED);
      all = graph.node("Concat", List.of(all, last), attribute("axis", 1));
    }
    all =
        graph.node(
            "AveragePool",
            List.of(all),
            attribute("kernel_shape", List.of(3L, 3L)),
            HALVED,
            PADDED);
    all = graph.node("Sigmoid", convolve(graph, "features.transition", all, 8, 18, 1, 1));
    all = graph.node("AveragePool", List.of(all), attribute("kernel_shape", List.of(4L, 4L)));
    all = graph.node("Squeeze", List.of(all), attribute("axes", List.of(2L, 3L)));
    return graph.bytes(gemm(graph, "classifier", all, 8, 10), 10);
  }

  /** Channels last at both ends: what is flattened has them last as well. */
  static byte[] channelsLast() {
    HandGraph graph = new HandGraph(13, 6, 8, 8, 1);
    String last = graph.node("Transpose", List.of("x"), attribute("perm", List.of(0L, 3L, 1L, 2L)));
    last = convolve(graph, "conv2d", last, 5, 1, 3, 1, PADDED);
    last = pool(graph, "MaxPool", last);
    last = graph.node("Transpose", List.of(last), attribute("perm", List.of(0L, 2L, 3L, 1L)));
    last = graph.node("Add", last, graph.uniform("bias", -0.3f, 0.3f, 5));
    last = graph.node("Relu", last);
    last = graph.node("Pad", last, graph.longs("pads", 0, 1, 0, 0, 0, 0, 1, 0));
    last = graph.node("Reshape", last, graph.longs("flat", -1, 125));
    return graph.bytes(dense(graph, "dense/kernel", last, 125, 10), 10);
  }

  /** Norms over groups: spelt out, as an operation, of each channel, and of a whole vector. */
  static byte[] groupNorms() {
    HandGraph graph = new HandGraph(21, 7, 1, 8, 8);
    String last = convolve(graph, "conv1", "x", 6, 1, 3, 1, PADDED);
    last = graph.node("Relu", groupNorm(graph, "norm1", last, 6, 3));
    last = convolve(graph, "conv2", last, 8, 6, 3, 1, HALVED, PADDED);
    last =
        graph.node(
            "GroupNormalization",
            scaled(graph, "norm2", last, 8),
            attribute("num_groups", 4),
            attribute("epsilon", 1e-3f));
    last = convolve(graph, "conv3", graph.node("Relu", last), 8, 8, 3, 1, PADDED);
    last = graph.node("Relu", graph.node("InstanceNormalization", scaled(graph, "norm3", last, 8)));
    last = graph.node("Flatten", graph.node("GlobalAveragePool", last));
    last = gemm(graph, "fc1", last, 8, 12);
    last = graph.node("LayerNormalization", scaled(graph, "norm4", last, 12));
    return graph.bytes(gemm(graph, "fc2", graph.node("Relu", last), 12, 10), 10);
  }

  /** As PyTorch spells it: reshape, normalise as instances, reshape, scale, shift. */
  static String groupNorm(HandGraph graph, String name, String input, int channels, int groups) {
    float[] ones = new float[groups];
    java.util.Arrays.fill(ones, 1);
    String apart = graph.node("Reshape", input, graph.longs(name + ".apart", 0, groups, -1));
    String normalised =
        graph.node(
            "InstanceNormalization",
            List.of(
                apart,
                graph.floats(name + ".ones", ones, groups),
                graph.floats(name + ".zeros", new float[groups], groups)),
            attribute("epsilon", 1e-5f));
    String together = graph.node("Reshape", normalised, graph.node("Shape", input));
    String scale = graph.uniform(name + ".weight", 0.5f, 1.5f, channels, 1, 1);
    String shift = graph.uniform(name + ".bias", -0.3f, 0.3f, channels, 1, 1);
    return graph.node("Add", graph.node("Mul", together, scale), shift);
  }

  private static List<String> scaled(HandGraph graph, String name, String input, int count) {
    return List.of(
        input,
        graph.uniform(name + ".weight", 0.5f, 1.5f, count),
        graph.uniform(name + ".bias", -0.3f, 0.3f, count));
  }

  static String convolve(
      HandGraph graph,
      String name,
      String input,
      int outputs,
      int inputs,
      int kernel,
      int groups,
      AttributeProto... attributes) {
    AttributeProto[] all = java.util.Arrays.copyOf(attributes, attributes.length + 1);
    all[attributes.length] = attribute("group", groups);
    return graph.node(
        "Conv",
        List.of(
            input,
            graph.weight(name + ".weight", outputs, inputs, kernel, kernel),
            graph.uniform(name + ".bias", -0.2f, 0.2f, outputs)),
        all);
  }

  private static String pool(HandGraph graph, String operator, String input) {
    return graph.node(operator, List.of(input), attribute("kernel_shape", List.of(2L, 2L)), HALVED);
  }

  private static String gemm(HandGraph graph, String name, String input, int from, int to) {
    return graph.node(
        "Gemm",
        List.of(
            input,
            graph.uniform(name + ".weight", -0.4f, 0.4f, to, from),
            graph.uniform(name + ".bias", -0.2f, 0.2f, to)),
        attribute("transB", 1),
        attribute("alpha", 0.8f),
        attribute("beta", 1.5f));
  }
}
