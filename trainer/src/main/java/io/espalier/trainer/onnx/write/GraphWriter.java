package io.espalier.trainer.onnx.write;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects the nodes and constants of an ONNX graph, each under a name of its own. */
final class GraphWriter {
  /** The name of the free batch dimension. */
  static final String BATCH = "batch";

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("network");
  private final Set<String> names = new HashSet<>();

  /** A name that nothing else has: this one if it is free. */
  String free(String wanted) {
    String name = wanted;
    for (int i = 2; !names.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  void input(String name, List<Integer> dimensions) {
    graph.addInput(value(free(name), dimensions));
  }

  void output(String name, List<Integer> dimensions) {
    graph.addOutput(value(name, dimensions));
  }

  String floats(String name, List<Integer> dimensions, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return constant(name, TensorProto.DataType.FLOAT, dimensions, bytes);
  }

  /** One number, without axes. */
  String scalar(String name, float value) {
    return floats(name, List.of(), new float[] {value});
  }

  String longs(String name, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return constant(name, TensorProto.DataType.INT64, List.of(values.length), bytes);
  }

  /** Adds an operation whose output has the operation's name. */
  String add(String name, String operator, List<String> inputs, Attributes attributes) {
    String output = free(name);
    graph.addNode(
        NodeProto.newBuilder()
            .setName(output)
            .setOpType(operator)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(attributes.protos.values()));
    return output;
  }

  String add(String name, String operator, String... inputs) {
    return add(name, operator, List.of(inputs), new Attributes());
  }

  /** Gives the output of the last operation another name, one that is taken already. */
  void rename(String output, String name) {
    NodeProto.Builder last = graph.getNodeBuilder(graph.getNodeCount() - 1);
    if (!last.getOutput(0).equals(output)) {
      throw new IllegalArgumentException("the output must be the last one: output=" + output);
    }
    last.setOutput(0, name);
  }

  GraphProto build(String documentation) {
    return graph.setDocString(documentation).build();
  }

  private String constant(
      String name, TensorProto.DataType type, List<Integer> dimensions, ByteBuffer bytes) {
    String own = free(name);
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(own)
            .setDataType(type.getNumber())
            .setRawData(ByteString.copyFrom(bytes.rewind()));
    dimensions.forEach(tensor::addDims);
    graph.addInitializer(tensor);
    return own;
  }

  private static ValueInfoProto value(String name, List<Integer> dimensions) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam(BATCH);
    dimensions.forEach(length -> shape.addDimBuilder().setDimValue(length));
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT.getNumber())
                        .setShape(shape)))
        .build();
  }

  /** Settings of an operation. */
  static final class Attributes {
    private final Map<String, AttributeProto> protos = new LinkedHashMap<>();

    Attributes with(String name, long value) {
      return put(named(name, AttributeProto.AttributeType.INT).setI(value));
    }

    Attributes with(String name, float value) {
      return put(named(name, AttributeProto.AttributeType.FLOAT).setF(value));
    }

    Attributes with(String name, List<Integer> values) {
      AttributeProto.Builder list = named(name, AttributeProto.AttributeType.INTS);
      values.forEach(list::addInts);
      return put(list);
    }

    private Attributes put(AttributeProto.Builder attribute) {
      protos.put(attribute.getName(), attribute.build());
      return this;
    }

    private static AttributeProto.Builder named(String name, AttributeProto.AttributeType type) {
      return AttributeProto.newBuilder().setName(name).setType(type);
    }
  }
}
