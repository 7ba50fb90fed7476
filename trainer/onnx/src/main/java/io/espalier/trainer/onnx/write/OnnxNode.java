package io.espalier.trainer.onnx.write;

import io.espalier.trainer.network.TensorShape;
import java.util.List;
import java.util.stream.Stream;

/** One layer in an ONNX graph that is being written; inputs and parameters are graph names. */
public record OnnxNode(
    OnnxGraphWriter graph,
    String name,
    List<String> inputs,
    List<TensorShape> shapes,
    TensorShape output,
    List<String> parameters) {
  public String input() {
    return inputs.get(0);
  }

  public String operation(String operator, OnnxAttributes attributes) {
    return whole(
        operator, Stream.concat(inputs.stream(), parameters.stream()).toList(), attributes);
  }

  /** The operation that gives the layer's output. */
  public String whole(String operator, List<String> from, OnnxAttributes attributes) {
    return graph.add(name, operator, from, attributes);
  }

  public String whole(String operator, String... from) {
    return whole(operator, List.of(from), new OnnxAttributes());
  }

  /** An operation that gives an intermediate value, {@code name.suffix}. */
  public String part(String suffix, String operator, List<String> from, OnnxAttributes attributes) {
    return graph.add(name + "." + suffix, operator, from, attributes);
  }

  public String part(String suffix, String operator, String... from) {
    return part(suffix, operator, List.of(from), new OnnxAttributes());
  }

  public String scalar(String suffix, float value) {
    return graph.floats(name + "." + suffix, List.of(), new float[] {value});
  }

  public String floats(String suffix, float[] values) {
    return graph.floats(name + "." + suffix, List.of(values.length), values);
  }

  public String longs(String suffix, long... values) {
    return graph.longs(name + "." + suffix, values);
  }

  public String tensor(String suffix, List<Integer> dimensions, float[] values) {
    return graph.floats(name + "." + suffix, dimensions, values);
  }

  public String transposed(String suffix, String value, Integer... axes) {
    return part(
        suffix, "Transpose", List.of(value), new OnnxAttributes().with("perm", List.of(axes)));
  }

  public String clip(float min, float max) {
    return whole("Clip", input(), scalar("min", min), scalar("max", max));
  }

  /** A value times the first parameter if {@code scaled}, then plus the others. */
  public String scaledAndShifted(String value, boolean scaled) {
    String result = value;
    for (int i = 0; i < parameters.size(); i++) {
      String operator = scaled && i == 0 ? "Mul" : "Add";
      String each = shapes.get(0).isVector() ? parameters.get(i) : alongChannels(parameters.get(i));
      result =
          i == parameters.size() - 1
              ? whole(operator, result, each)
              : part("scaled", operator, result, each);
    }
    return result;
  }

  /** A parameter {@code [features]} as {@code [features, 1]}. */
  public String alongFeatures(String parameter) {
    String axis = graph.longs(parameter + ".axis", 1);
    return graph.add(
        parameter + ".features", "Unsqueeze", List.of(parameter, axis), new OnnxAttributes());
  }

  /** A parameter {@code [channels]} as {@code [channels, 1, 1]}. */
  public String alongChannels(String parameter) {
    String axes = graph.longs(parameter + ".axes", 1, 2);
    OnnxAttributes none = new OnnxAttributes();
    return graph.add(parameter + ".channels", "Unsqueeze", List.of(parameter, axes), none);
  }
}
