package io.espalier.masks;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Small networks for tests. */
public final class Networks {
  private Networks() {}

  public static ParameterShape shape(String name, Integer... dimensions) {
    return new ParameterShape(new ParameterId(name), List.of(dimensions));
  }

  /** Parameters {@code p0}, {@code p1} … of one unit axis each, and a second axis of 1. */
  public static List<ParameterShape> ofSizes(Integer... sizes) {
    return IntStream.range(0, sizes.length)
        .mapToObj(p -> shape("p" + p, sizes[p], 1))
        .collect(Collectors.toUnmodifiableList());
  }

  /** Prunable weights of LeNet-300-100: 266,200 units. */
  public static List<ParameterShape> leNet300() {
    return List.of(
        shape("fc1.weight", 300, 784), shape("fc2.weight", 100, 300), shape("fc3.weight", 10, 100));
  }

  /** Three convolutions and a linear layer: 24,112 units. */
  public static List<ParameterShape> convolutions() {
    return List.of(
        shape("c1", 16, 3, 3, 3),
        shape("c2", 32, 16, 3, 3),
        shape("c3", 64, 32, 3, 3),
        shape("fc", 10, 64));
  }

  public static MaskSet dense(List<ParameterShape> shapes) {
    return MaskSet.dense(Layout.dense(shapes), shapes.stream().map(ParameterShape::id).toList());
  }

  public static List<float[]> weights(List<ParameterShape> shapes, long seed) {
    Random random = new Random(seed);
    return shapes.stream()
        .map(
            shape -> {
              float[] values = new float[shape.size()];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
              }
              return values;
            })
        .toList();
  }

  /** A mask written as a string of 0 and 1. */
  public static Mask mask(String bits) {
    return Mask.of(bits.length(), unit -> bits.charAt(unit) == '1');
  }

  public static List<Mask> masks(String... bits) {
    return Arrays.stream(bits).map(Networks::mask).toList();
  }

  /** Keeps each unit with the given probability. */
  public static Mask randomMask(int size, double density, long seed) {
    Random random = new Random(seed);
    return Mask.of(size, unit -> random.nextDouble() < density);
  }
}
