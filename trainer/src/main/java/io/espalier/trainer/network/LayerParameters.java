package io.espalier.trainer.network;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.ArrayList;
import java.util.List;

final class LayerParameters {
  /** The most rows or columns of a window or of its padding, so that sums stay in range. */
  static final int LONGEST = 1 << 20;

  private LayerParameters() {}

  static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be 1 or more: " + name + "=" + value);
    }
  }

  static void requireFinite(String name, float value) {
    if (!Float.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be finite: " + name + "=" + value);
    }
  }

  /** A weight whose first axis are outputs, and perhaps a bias {@code [outputs]}. */
  static List<ParameterSpec> weights(
      String node, List<Integer> shape, boolean bias, int positions) {
    double units = shape.stream().mapToDouble(length -> length).reduce(1, (a, b) -> a * b);
    if (units > Integer.MAX_VALUE) {
      throw new TensorShape.MismatchException(
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

  static List<ParameterSpec> scaleAndShift(String node, List<TensorShape> inputs) {
    int channels = inputs.get(0).channels();
    return List.of(
        vector(node + ".scale", channels, Role.NORM_SCALE, 1),
        vector(node + ".shift", channels, Role.NORM_SHIFT, 1));
  }

  static ParameterSpec vector(String name, int length, Role role, int fanIn) {
    ParameterShape shape = new ParameterShape(new ParameterId(name), List.of(length));
    return new ParameterSpec(shape, role, fanIn, 0);
  }
}
