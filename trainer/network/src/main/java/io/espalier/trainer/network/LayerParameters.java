package io.espalier.trainer.network;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.ParameterSpec.Role;
import java.util.ArrayList;
import java.util.List;

/** Parameters and rules that layers share. */
public final class LayerParameters {
  /** The most rows or columns of a window or of its padding, so that sums stay in range. */
  static final int LONGEST = 1 << 20;

  private LayerParameters() {}

  public static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be 1 or more: " + name + "=" + value);
    }
  }

  public static void requireFinite(String name, float value) {
    if (!Float.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be finite: " + name + "=" + value);
    }
  }

  /** A weight {@code [outputs, inputs / groups, kernel…]}, and perhaps a bias {@code [outputs]}. */
  public static List<ParameterSpec> weights(
      String node, List<Integer> shape, int groups, boolean bias, int positions) {
    double units = shape.stream().mapToDouble(length -> length).reduce(1, (a, b) -> a * b);
    if (units > Integer.MAX_VALUE) {
      throw new TensorShape.MismatchException(
          "outputs", "a weight must have at most 2147483647 units: shape=" + shape);
    }
    int outputs = shape.get(0);
    int fanIn = (int) (units / outputs);
    int fanOut = (int) (units / shape.get(1) / groups);
    ParameterShape weight = new ParameterShape(new ParameterId(node + ".weight"), shape);
    List<ParameterSpec> specs = new ArrayList<>();
    specs.add(new ParameterSpec(weight, Role.WEIGHT, fanIn, fanOut, positions));
    if (bias) {
      specs.add(
          new ParameterSpec(vectorShape(node + ".bias", outputs), Role.BIAS, fanIn, fanOut, 0));
    }
    return specs;
  }

  public static List<ParameterSpec> scaleAndShift(String node, List<TensorShape> inputs) {
    int channels = inputs.get(0).channels();
    return List.of(
        vector(node + ".scale", channels, Role.NORM_SCALE),
        vector(node + ".shift", channels, Role.NORM_SHIFT));
  }

  /** A parameter of a norm. */
  public static ParameterSpec vector(String name, int length, Role role) {
    return new ParameterSpec(vectorShape(name, length), role, 1, 1, 0);
  }

  private static ParameterShape vectorShape(String name, int length) {
    return new ParameterShape(new ParameterId(name), List.of(length));
  }
}
