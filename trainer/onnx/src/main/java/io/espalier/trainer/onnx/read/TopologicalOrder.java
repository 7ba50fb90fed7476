package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.TensorShape;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Positions of a tensor's values in a layer's output, which differ for channels-last images. */
final class TopologicalOrder {
  private static final List<Integer> FIRST_TO_LAST = List.of(1, 2, 0);

  private final int size;

  /** Empty where every value is at its place. */
  private final int[] sources;

  private TopologicalOrder(int size, int[] sources) {
    this.size = size;
    this.sources = sources;
  }

  private static TopologicalOrder of(int[] sources) {
    boolean plain = true;
    for (int i = 0; i < sources.length; i++) {
      plain &= sources[i] == i;
    }
    return new TopologicalOrder(sources.length, plain ? new int[0] : sources);
  }

  public static TopologicalOrder plain(int size) {
    return new TopologicalOrder(size, new int[0]);
  }

  /** {@code [height, width, channels]} of an image {@code [channels, height, width]}. */
  public static TopologicalOrder channelsLast(TensorShape image) {
    return of(AxisMapping.sources(image.dimensions(), FIRST_TO_LAST));
  }

  public static List<Integer> channelsLast(List<Integer> dimensions) {
    return FIRST_TO_LAST.stream().map(dimensions::get).toList();
  }

  public TopologicalOrder transposed(List<Integer> dimensions, List<Integer> permutation) {
    return of(
        Arrays.stream(AxisMapping.sources(dimensions, permutation)).map(this::source).toArray());
  }

  /** The order of some of the values. */
  public TopologicalOrder picked(IntStream places) {
    return of(places.map(this::source).toArray());
  }

  /** Where each value stands in the layer's output. */
  IntStream sources() {
    return IntStream.range(0, size).map(this::source);
  }

  /** The order of the values once those of the layer stand elsewhere. */
  TopologicalOrder moved(IntUnaryOperator place) {
    return of(sources().map(place).toArray());
  }

  /** The order of tensors one behind the other. */
  public static TopologicalOrder joined(List<TopologicalOrder> parts) {
    int[] joined = new int[parts.stream().mapToInt(part -> part.size).reduce(0, Math::addExact)];
    int start = 0;
    for (TopologicalOrder part : parts) {
      for (int i = 0; i < part.size; i++) {
        joined[start + i] = start + part.source(i);
      }
      start += part.size;
    }
    return of(joined);
  }

  /**
   * The number of blocks whose channels are dealt out, each with all of its values in their places;
   * empty if the order is another one.
   */
  OptionalInt shuffledGroups(int channels) {
    int plane = size / channels;
    if (isPlain()
        || channels < 2
        || sources[plane] < plane
        || channels % (sources[plane] / plane) != 0) {
      return OptionalInt.empty();
    }
    int block = sources[plane] / plane;
    int groups = channels / block;
    boolean isShuffle =
        IntStream.range(0, size)
            .allMatch(
                i -> {
                  int channel = i / plane;
                  int source = channel % groups * block + channel / groups;
                  return sources[i] == source * plane + i % plane;
                });
    return isShuffle ? OptionalInt.of(groups) : OptionalInt.empty();
  }

  public boolean isPlain() {
    return sources.length == 0;
  }

  public float[] placed(float[] values) {
    float[] placed = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      placed[source(i)] = values[i];
    }
    return placed;
  }

  private int source(int place) {
    return isPlain() ? place : sources[place];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TopologicalOrder order
        && size == order.size
        && Arrays.equals(sources, order.sources);
  }

  @Override
  public int hashCode() {
    return 31 * size + Arrays.hashCode(sources);
  }
}
