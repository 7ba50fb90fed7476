package io.espalier.trainer.onnx.convert;

import io.espalier.trainer.network.Extent;
import io.espalier.trainer.onnx.graph.Axes;
import java.util.Arrays;
import java.util.List;

/**
 * Where values of a tensor are in what a layer gives, both row-major: graphs whose images have
 * their channels last, or that flatten such images, hold them in another order. Immutable.
 */
final class Order {
  private static final List<Integer> FIRST_TO_LAST = List.of(1, 2, 0);

  private final int[] sources;

  private Order(int[] sources) {
    this.sources = sources;
  }

  /** The values as they are. */
  static Order plain(int size) {
    int[] sources = new int[size];
    Arrays.setAll(sources, i -> i);
    return new Order(sources);
  }

  /** {@code [height, width, channels]} of an image of {@code [channels, height, width]}. */
  static Order channelsLast(Extent image) {
    return new Order(Axes.sources(image.dimensions(), FIRST_TO_LAST));
  }

  static List<Integer> channelsLast(List<Integer> dimensions) {
    return FIRST_TO_LAST.stream().map(dimensions::get).toList();
  }

  /** The order after axes of the tensor have been permuted. */
  Order transposed(List<Integer> dimensions, List<Integer> permutation) {
    return new Order(
        Arrays.stream(Axes.sources(dimensions, permutation)).map(i -> sources[i]).toArray());
  }

  /** The order of two vectors behind one another. */
  Order followedBy(Order other) {
    int[] joined = Arrays.copyOf(sources, sources.length + other.sources.length);
    for (int i = 0; i < other.sources.length; i++) {
      joined[sources.length + i] = sources.length + other.sources[i];
    }
    return new Order(joined);
  }

  boolean isPlain() {
    for (int i = 0; i < sources.length; i++) {
      if (sources[i] != i) {
        return false;
      }
    }
    return true;
  }

  /** Puts values that go with the tensor where they go with the layer. */
  float[] placed(float[] values) {
    float[] placed = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      placed[sources[i]] = values[i];
    }
    return placed;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Order order && Arrays.equals(sources, order.sources);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sources);
  }
}
