package io.espalier.trainer.onnx.read;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;

/** An ONNX file put together node by node, as other programs write them. */
final class HandGraph {
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("hand");
  private final Random random;
  private final int opset;
  private int nodes;

  /** A batch dimension without a length, and these lengths behind it. */
  HandGraph(int opset, long seed, int... input) {
    this.opset = opset;
    this.random = new Random(seed);
    graph.addInput(value("x", true, input));
  }

  GraphProto.Builder graph() {
    return graph;
  }

  /** Adds a node and returns the name of its output. */
  String node(String operator, List<String> inputs, AttributeProto... attributes) {
    String output = operator.toLowerCase(java.util.Locale.ROOT) + "_" + nodes++;
    graph.addNode(
        NodeProto.newBuilder()
            .setName("/" + operator + "_" + nodes)
            .setOpType(operator)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(List.of(attributes)));
    return output;
  }

  String node(String operator, String... inputs) {
    return node(operator, List.of(inputs));
  }

  /** A weight of a scale that keeps outputs near 1. */
  String weight(String name, int... dimensions) {
    int outputs = dimensions.length == 2 ? 1 : dimensions[0];
    int size = size(dimensions);
    double fanIn = dimensions.length == 2 ? dimensions[0] : (double) size / outputs;
    return uniform(name, (float) -Math.sqrt(3 / fanIn), (float) Math.sqrt(3 / fanIn), dimensions);
  }

  String uniform(String name, float from, float to, int... dimensions) {
    float[] values = new float[size(dimensions)];
    for (int i = 0; i < values.length; i++) {
      values[i] = from + random.nextFloat() * (to - from);
    }
    return floats(name, values, dimensions);
  }

  String floats(String name, float[] values, int... dimensions) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return tensor(name, TensorProto.DataType.FLOAT, bytes, dimensions);
  }

  /** One number without axes. */
  String number(String name, float value) {
    return floats(name, new float[] {value});
  }

  String longs(String name, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return tensor(name, TensorProto.DataType.INT64, bytes, values.length);
  }

  private String tensor(
      String name, TensorProto.DataType type, ByteBuffer bytes, int... dimensions) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .setRawData(ByteString.copyFrom(bytes.rewind()));
    for (int length : dimensions) {
      tensor.addDims(length);
    }
    graph.addInitializer(tensor);
    return name;
  }

  /** Batch norm with its four constants. */
  String norm(String name, String input, int channels, float epsilon) {
    uniform(name + ".weight", 0.5f, 1.5f, channels);
    uniform(name + ".bias", -0.3f, 0.3f, channels);
    uniform(name + ".running_mean", -0.3f, 0.3f, channels);
    uniform(name + ".running_var", 0.5f, 1.5f, channels);
    return node(
        "BatchNormalization",
        List.of(
            input, name + ".weight", name + ".bias", name + ".running_mean", name + ".running_var"),
        attribute("epsilon", epsilon));
  }

  byte[] bytes(String output, int... dimensions) {
    graph.clearOutput().addOutput(value(output, true, dimensions));
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto attribute(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  static AttributeProto attribute(String name, List<Long> values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.INTS)
        .addAllInts(values)
        .build();
  }

  static ValueInfoProto value(String name, boolean batched, int... dimensions) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    if (batched) {
      shape.addDimBuilder().setDimParam("N");
    }
    for (int length : dimensions) {
      shape.addDimBuilder().setDimValue(length);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape)))
        .build();
  }

  private static int size(int... dimensions) {
    int size = 1;
    for (int length : dimensions) {
      size *= length;
    }
    return size;
  }
}
