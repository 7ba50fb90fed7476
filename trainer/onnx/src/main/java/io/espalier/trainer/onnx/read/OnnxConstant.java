package io.espalier.trainer.onnx.read;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A constant tensor: floats or integers, row-major. No dimensions make a scalar. Immutable. */
final class OnnxConstant {
  /** The free length of the batch, among the integers of a shape. */
  public static final long BATCH = Long.MIN_VALUE;

  private static final long MOST_BATCHES = Integer.MAX_VALUE;

  private static final int MOST_AXES = 64;

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

  /** A multiple of the batch's length, as of an axis that the batch is part of. */
  static long batches(long factor) {
    if (factor < 1 || factor > MOST_BATCHES) {
      throw new GraphException(
          "a length must hold the batch from 1 to 2147483647 times: times=" + factor);
    }
    return BATCH + factor - 1;
  }

  static boolean isBatches(long length) {
    return length < BATCH + MOST_BATCHES;
  }

  /** How many batches a length holds. */
  static long batchesIn(long length) {
    return length - BATCH + 1;
  }

  static OnnxConstant ofFloats(List<Integer> dimensions, float[] values) {
    return new OnnxConstant(dimensions, values, new long[0], false);
  }

  static OnnxConstant ofWholes(List<Integer> dimensions, long[] values) {
    return new OnnxConstant(dimensions, new float[0], values, true);
  }

  /** A list of integers that may contain {@link #BATCH}. */
  public static OnnxConstant shape(List<Long> lengths) {
    return ofWholes(List.of(lengths.size()), lengths.stream().mapToLong(Long::longValue).toArray());
  }

  static int size(List<Integer> dimensions) {
    requireRank(dimensions);
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

  static void requireRank(List<Integer> dimensions) {
    if (dimensions.size() > MOST_AXES) {
      throw new GraphException(
          "a shape must have at most %d axes: axes=%d".formatted(MOST_AXES, dimensions.size()));
    }
  }

  public List<Integer> dimensions() {
    return dimensions;
  }

  public int size() {
    return floats.length + wholes.length;
  }

  long bytes() {
    return (long) floats.length * Float.BYTES + (long) wholes.length * Long.BYTES;
  }

  public boolean isWhole() {
    return whole;
  }

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

  public long[] wholes() {
    if (!whole) {
      throw new GraphException("whole numbers must be given, not floats: shape=" + dimensions);
    }
    return wholes.clone();
  }

  /** The whole numbers, none of which may be the batch's length. */
  long[] knownWholes() {
    long[] values = wholes();
    for (long value : values) {
      requireNumber(value);
    }
    return values;
  }

  /** With 1 in place of the batch's length. */
  OnnxConstant ofOneExample() {
    return whole
        ? ofWholes(
            dimensions,
            LongStream.of(wholes).map(each -> isBatches(each) ? batchesIn(each) : each).toArray())
        : this;
  }

  /** A number to compare with others; that of the batch is unlike them all. */
  double compared(int index) {
    return whole && isBatches(wholes[index]) ? Double.NaN : number(index);
  }

  double number(int index) {
    return whole ? requireNumber(wholes[index]) : floats[index];
  }

  double single() {
    requireSingle();
    return number(0);
  }

  public float scalar() {
    return (float) single();
  }

  private void requireSingle() {
    if (size() != 1) {
      throw new GraphException("one number must be given: shape=" + dimensions);
    }
  }

  public OnnxConstant mapped(DoubleUnaryOperator change) {
    float[] values = floats();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) change.applyAsDouble(values[i]);
    }
    return ofFloats(dimensions, values);
  }

  /** Rounded towards 0. */
  OnnxConstant wholeNumbers() {
    long[] values = new long[floats.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) floats[i];
    }
    return ofWholes(dimensions, values);
  }

  public OnnxConstant transposed(List<Integer> order) {
    return picked(
        order.stream().map(dimensions::get).toList(),
        IntStream.of(AxisMapping.sources(dimensions, order)));
  }

  OnnxConstant reshaped(List<Integer> others) {
    return new OnnxConstant(others, floats, wholes, whole);
  }

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

  /** The values of constants of one type behind one another. */
  static OnnxConstant listed(List<OnnxConstant> parts) {
    int total = parts.stream().mapToInt(OnnxConstant::size).reduce(0, Math::addExact);
    boolean whole = parts.get(0).whole;
    float[] floats = new float[whole ? 0 : total];
    long[] wholes = new long[whole ? total : 0];
    int at = 0;
    for (OnnxConstant part : parts) {
      System.arraycopy(part.floats, 0, floats, whole ? 0 : at, part.floats.length);
      System.arraycopy(part.wholes, 0, wholes, whole ? at : 0, part.wholes.length);
      at += part.size();
    }
    return new OnnxConstant(List.of(total), floats, wholes, whole);
  }

  /** Whether this is another one in a shape of its own, without memory for values. */
  boolean sharesValuesWith(OnnxConstant other) {
    return whole == other.whole && (whole ? wholes == other.wholes : floats == other.floats);
  }

  private static long requireNumber(long value) {
    if (isBatches(value)) {
      throw new GraphException("a value must not depend on the size of the batch");
    }
    return value;
  }
}
