package io.espalier.trainer.network;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.ArrayList;
import java.util.List;

/** What layers have in common as to their parameters. */
final class LayerParameters {
  private LayerParameters() {}

  /** A weight whose first axis are outputs, and perhaps a bias {@code [outputs]}. */
  static List<ParameterSpec> weights(
      String node, List<Integer> shape, boolean bias, int positions) {
    double units = shape.stream().mapToDouble(length -> length).reduce(1, (a, b) -> a * b);
    if (units > Integer.MAX_VALUE) {
      throw new Extent.MismatchException(
          "outputs", "a weight must have at most 2147483647 units: shape=" + shape);
    }
    int outputs = shape.get(0);
    int fanIn = (int) (units / outputs);
    ParameterShape weight = new ParameterShape(new ParameterId(node + ".weight"), shape);
    List<ParameterSpec> specs = new ArrayList<>();
    specs.add(new ParameterSpec(weight, Role.WEIGHT, fanIn, positions));
    if (bias) {
      specs.add(vector(node + ".bias", outputs, Role.BIAS, fanIn));
    }
    return specs;
  }

  /** A parameter with a number per channel. */
  static ParameterSpec vector(String name, int length, Role role, int fanIn) {
    ParameterShape shape = new ParameterShape(new ParameterId(name), List.of(length));
    return new ParameterSpec(shape, role, fanIn, 0);
  }
}
