package io.espalier.trainer.onnx.read;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class Attributes {
  private final Map<String, AttributeProto> byName = new HashMap<>();

  Attributes(List<AttributeProto> attributes) {
    for (AttributeProto each : attributes) {
      if (byName.put(each.getName(), each) != null) {
        throw new GraphException("an attribute must be given once: attribute=" + each.getName());
      }
    }
  }

  public boolean has(String name) {
    return byName.containsKey(name);
  }

  public long whole(String name, long otherwise) {
    return of(name, AttributeType.INT).map(AttributeProto::getI).orElse(otherwise);
  }

  public float number(String name, float otherwise) {
    return of(name, AttributeType.FLOAT).map(AttributeProto::getF).orElse(otherwise);
  }

  public String text(String name, String otherwise) {
    return of(name, AttributeType.STRING).map(each -> each.getS().toStringUtf8()).orElse(otherwise);
  }

  public Optional<List<Long>> wholes(String name) {
    return of(name, AttributeType.INTS).map(AttributeProto::getIntsList);
  }

  OnnxConstant constant(Unfolding unfolding) {
    if (has("value")) {
      return TensorReader.read(of("value", AttributeType.TENSOR).orElseThrow().getT(), unfolding);
    } else if (has("value_float")) {
      return OnnxConstant.ofFloats(List.of(), new float[] {number("value_float", 0)});
    } else if (has("value_int")) {
      return OnnxConstant.ofWholes(List.of(), new long[] {whole("value_int", 0)});
    } else if (has("value_ints")) {
      return OnnxConstant.shape(wholes("value_ints").orElseThrow());
    } else if (has("value_floats")) {
      List<Float> list = of("value_floats", AttributeType.FLOATS).orElseThrow().getFloatsList();
      float[] values = new float[list.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = list.get(i);
      }
      return OnnxConstant.ofFloats(List.of(values.length), values);
    }
    throw new GraphException(
        "a constant must be a tensor of numbers: attributes=" + byName.keySet());
  }

  private Optional<AttributeProto> of(String name, AttributeType type) {
    AttributeProto attribute = byName.get(name);
    if (attribute != null && attribute.getType() != type) {
      throw new GraphException(
          "an attribute must have its type: attribute=%s, type=%s, expected=%s"
              .formatted(name, attribute.getType(), type));
    }
    return Optional.ofNullable(attribute);
  }
}
