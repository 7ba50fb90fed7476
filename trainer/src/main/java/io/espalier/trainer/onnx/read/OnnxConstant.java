package io.espalier.trainer.onnx.read;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * A tensor that no example changes: floats, or whole numbers, row-major. No dimensions make a
 * scalar. Immutable.
 */
final class OnnxConstant {
  /** The length of the batch, which is free, among the whole numbers of a shape. */
  public static final long BATCH = Long.MIN_VALUE;

  private final List<Integer> dimensions;
  private final float[] floats;
  private final long[] wholes;
  private final boolean whole;

  private OnnxConstant(List<Integer> dimensions, float[] floats, long[] wholes, boolean whole) {
    this.dimensions = List.copyOf(dimensions);
    this.floats = floats;
    this.wholes = wholes;
    this.whole = whole;
    if (size(dimensions) != floats.length + wholes.length) {
      throw new GraphException(
          "a tensor must have as many values as its shape says: shape=%s, values=%d"
              .formatted(dimensions, floats.length + wholes.length));
    }
  }

  /** Takes over the values. */
  static OnnxConstant ofFloats(List<Integer> dimensions, float[] values) {
    return new OnnxConstant(dimensions, values, new long[0], false);
  }

  /** Takes over the values. */
  static OnnxConstant ofWholes(List<Integer> dimensions, long[] values) {
    return new OnnxConstant(dimensions, new float[0], values, true);
  }

  /** A list of whole numbers, of which {@link #BATCH} may be one. */
  public static OnnxConstant shape(List<Long> lengths) {
    return ofWholes(List.of(lengths.size()), lengths.stream().mapToLong(Long::longValue).toArray());
  }

  /** Values that dimensions hold; refuses negative lengths and too many values. */
  static int size(List<Integer> dimensions) {
    long size = 1;
    for (int length : dimensions) {
      size *= length;
      if (length < 0 || size > Integer.MAX_VALUE) {
        throw new GraphException(
            "a shape must hold from 0 to 2147483647 values: shape=" + dimensions);
      }
    }
    return (int) size;
  }

  public List<Integer> dimensions() {
    return dimensions;
  }

  public int size() {
    return floats.length + wholes.length;
  }

  /** Whether it holds whole numbers. */
  public boolean isWhole() {
    return whole;
  }

  /** A copy of the values as floats. */
  public float[] floats() {
    if (!whole) {
      return floats.clone();
    }
    float[] converted = new float[wholes.length];
    for (int i = 0; i < wholes.length; i++) {
      converted[i] = requireNumber(wholes[i]);
    }
    return converted;
  }

  /** A copy of the whole numbers. */
  public long[] wholes() {
    if (!whole) {
      throw new GraphException("whole numbers must be given, not floats: shape=" + dimensions);
    }
    return wholes.clone();
  }

  /** The only value. */
  public float scalar() {
    if (size() != 1) {
      throw new GraphException("one number must be given: shape=" + dimensions);
    }
    return floats()[0];
  }

  /** Each value changed, as floats. */
  public OnnxConstant mapped(DoubleUnaryOperator change) {
    float[] values = floats();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) change.applyAsDouble(values[i]);
    }
    return ofFloats(dimensions, values);
  }

  /** The same values with their axes in another order. */
  public OnnxConstant transposed(List<Integer> order) {
    return picked(
        order.stream().map(dimensions::get).toList(),
        IntStream.of(AxisMapping.sources(dimensions, order)));
  }

  /** The same values in other dimensions of the same size. */
  OnnxConstant reshaped(List<Integer> others) {
    return new OnnxConstant(others, floats, wholes, whole);
  }

  /** The value at each place that {@code sources} names, in these dimensions. */
  OnnxConstant picked(List<Integer> others, IntStream sources) {
    int[] from = sources.toArray();
    if (whole) {
      return ofWholes(others, IntStream.of(from).mapToLong(i -> wholes[i]).toArray());
    }
    float[] values = new float[from.length];
    for (int i = 0; i < from.length; i++) {
      values[i] = floats[from[i]];
    }
    return ofFloats(others, values);
  }

  private static float requireNumber(long value) {
    if (value == BATCH) {
      throw new GraphException("a value must not depend on the size of the batch");
    }
    return value;
  }
}
