package io.espalier.trainer.onnx.write;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Attributes of an ONNX operation, in their order. */
public final class OnnxAttributes {
  private final Map<String, AttributeProto> protos = new LinkedHashMap<>();

  public OnnxAttributes with(String name, long value) {
    return put(named(name, AttributeProto.AttributeType.INT).setI(value));
  }

  public OnnxAttributes with(String name, float value) {
    return put(named(name, AttributeProto.AttributeType.FLOAT).setF(value));
  }

  public OnnxAttributes with(String name, List<Integer> values) {
    AttributeProto.Builder list = named(name, AttributeProto.AttributeType.INTS);
    values.forEach(list::addInts);
    return put(list);
  }

  Collection<AttributeProto> protos() {
    return protos.values();
  }

  private OnnxAttributes put(AttributeProto.Builder attribute) {
    protos.put(attribute.getName(), attribute.build());
    return this;
  }

  private static AttributeProto.Builder named(String name, AttributeProto.AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }

  /** The attributes of a square window. */
  static OnnxAttributes window(int kernel, int stride, int padding) {
    return new OnnxAttributes()
        .with("kernel_shape", List.of(kernel, kernel))
        .with("strides", List.of(stride, stride))
        .with("pads", List.of(padding, padding, padding, padding));
  }
}
