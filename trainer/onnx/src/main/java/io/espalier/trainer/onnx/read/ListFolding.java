package io.espalier.trainer.onnx.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Constants that are filled, counted, and taken from or put behind one another along axes. */
final class ListFolding {
  private ListFolding() {}

  /** One value in a shape that is given as a constant. */
  static OnnxConstant filled(FoldedCall call) {
    List<Integer> dimensions = ShapeFolding.lengths(call.required(0).ofOneExample());
    OnnxConstant value =
        call.attributes().has("value")
            ? call.attributes().constant(call.unfolding())
            : OnnxConstant.ofFloats(List.of(1), new float[1]);
    if (value.size() != 1) {
      throw new GraphException("what fills a shape must be one value: shape=" + value.dimensions());
    }
    int size = OnnxConstant.size(dimensions);
    call.unfolding().use(value.isWhole() ? 2L * size : size);
    if (value.isWhole()) {
      long[] values = new long[size];
      Arrays.fill(values, value.wholes()[0]);
      return OnnxConstant.ofWholes(dimensions, values);
    }
    float[] values = new float[size];
    Arrays.fill(values, value.scalar());
    return OnnxConstant.ofFloats(dimensions, values);
  }

  /** The upper or lower triangle of the last two axes, 0 elsewhere. */
  static OnnxConstant triangle(FoldedCall call) {
    OnnxConstant value = call.required(0);
    int rank = value.dimensions().size();
    if (rank < 2) {
      throw new GraphException("a triangle must be of two axes: shape=" + value.dimensions());
    }
    int columns = value.dimensions().get(rank - 1);
    int rows = value.dimensions().get(rank - 2);
    long diagonal = call.value(1).map(OnnxConstant::single).orElse(0.0).longValue();
    boolean upper = call.attributes().whole("upper", 1) != 0;
    float[] values = new float[value.size()];
    call.unfolding().use(2L * values.length);
    for (int i = 0; i < values.length; i++) {
      long above = i % columns - i / columns % rows - diagonal;
      values[i] = (upper ? above >= 0 : above <= 0) ? (float) value.number(i) : 0;
    }
    OnnxConstant triangle = OnnxConstant.ofFloats(value.dimensions(), values);
    return value.isWhole() ? triangle.wholeNumbers() : triangle;
  }

  /** Sums over axes, over all without any. */
  static OnnxConstant summed(FoldedCall call) {
    OnnxConstant value = call.required(0);
    List<Integer> before = value.dimensions();
    List<Integer> axes =
        call.wholes(1, "axes").orElse(List.of()).stream()
            .map(axis -> AxisMapping.of(axis, before.size()))
            .toList();
    boolean keeps = call.attributes().whole("keepdims", 1) != 0;
    List<Integer> kept = new ArrayList<>();
    List<Integer> shown = new ArrayList<>();
    for (int axis = 0; axis < before.size(); axis++) {
      boolean gone = axes.isEmpty() || axes.contains(axis);
      kept.add(gone ? 1 : before.get(axis));
      if (keeps || !gone) {
        shown.add(gone ? 1 : before.get(axis));
      }
    }
    call.unfolding().use(2L * value.size());
    int[] places = AxisMapping.broadcastSources(kept, before);
    float[] sums = new float[OnnxConstant.size(kept)];
    for (int i = 0; i < places.length; i++) {
      sums[places[i]] += (float) value.number(i);
    }
    OnnxConstant sum = OnnxConstant.ofFloats(shown, sums);
    return value.isWhole() ? sum.wholeNumbers() : sum;
  }

  static OnnxConstant range(FoldedCall call) {
    OnnxConstant start = call.required(0);
    double from = start.single();
    double step = call.required(2).single();
    double count = Math.max(0, Math.ceil((call.required(1).single() - from) / step));
    if (!(count <= Integer.MAX_VALUE)) {
      throw new GraphException(
          "a range must have from 0 to 2147483647 values: values=%s, step=%s"
              .formatted(count, step));
    }
    int size = (int) count;
    call.unfolding().use(2L * size);
    if (start.isWhole()) {
      return OnnxConstant.ofWholes(
          List.of(size),
          IntStream.range(0, size).mapToLong(i -> (long) (from + i * step)).toArray());
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (from + i * step);
    }
    return OnnxConstant.ofFloats(List.of(size), values);
  }

  static OnnxConstant gathered(FoldedCall call) {
    OnnxConstant value = call.required(0);
    OnnxConstant indices = call.required(1);
    List<Integer> before = value.dimensions();
    int axis = AxisMapping.of(call.attributes().whole("axis", 0), before.size());
    List<Integer> dimensions = new ArrayList<>(before.subList(0, axis));
    dimensions.addAll(indices.dimensions());
    dimensions.addAll(before.subList(axis + 1, before.size()));
    int size = OnnxConstant.size(dimensions);
    call.unfolding().use(4L * size + indices.size());
    int length = before.get(axis);
    int[] places =
        LongStream.of(indices.knownWholes()).mapToInt(index -> place(index, length)).toArray();
    int inner = OnnxConstant.size(before.subList(axis + 1, before.size()));
    return value.picked(
        dimensions,
        IntStream.range(0, size)
            .map(
                i -> {
                  int outer = i / inner / places.length;
                  return (outer * length + places[i / inner % places.length]) * inner + i % inner;
                }));
  }

  private static int place(long index, int size) {
    long place = index < 0 ? index + size : index;
    if (place < 0 || place >= size) {
      throw new GraphException(
          "an index must be within its axis: index=%d, size=%d".formatted(index, size));
    }
    return (int) place;
  }

  static OnnxConstant sliced(FoldedCall call) {
    OnnxConstant value = call.required(0);
    List<AxisMapping.Stretch> stretches = SliceBounds.of(call, value.dimensions());
    List<Integer> dimensions = stretches.stream().map(AxisMapping.Stretch::count).toList();
    call.unfolding().use(4L * OnnxConstant.size(dimensions));
    return value.picked(
        dimensions, IntStream.of(AxisMapping.stretched(value.dimensions(), stretches)));
  }

  static OnnxConstant joined(FoldedCall call) {
    List<OnnxConstant> parts =
        IntStream.range(0, call.inputs().size()).mapToObj(call::required).toList();
    OnnxConstant first = parts.get(0);
    int axis = AxisMapping.of(call.attributes().whole("axis", 0), first.dimensions().size());
    long total = 0;
    long along = 0;
    for (OnnxConstant part : parts) {
      if (part.isWhole() != first.isWhole()
          || part.dimensions().size() != first.dimensions().size()
          || !without(axis, part.dimensions()).equals(without(axis, first.dimensions()))) {
        throw new GraphException(
            "constants that are joined must be of one type, and differ along the axis only: axis=%d, shape=%s, other=%s"
                .formatted(axis, first.dimensions(), part.dimensions()));
      }
      total += part.size();
      along += part.dimensions().get(axis);
    }
    call.unfolding().use(5 * total);
    List<Integer> dimensions = new ArrayList<>(first.dimensions());
    dimensions.set(axis, Math.toIntExact(along));
    int outer = OnnxConstant.size(first.dimensions().subList(0, axis));
    int[] sources = new int[OnnxConstant.size(dimensions)];
    int at = 0;
    for (int row = 0; row < outer; row++) {
      int start = 0;
      for (OnnxConstant part : parts) {
        int count = part.size() / outer;
        for (int i = 0; i < count; i++) {
          sources[at++] = start + row * count + i;
        }
        start += part.size();
      }
    }
    return OnnxConstant.listed(parts).picked(dimensions, IntStream.of(sources));
  }

  private static List<Integer> without(int axis, List<Integer> dimensions) {
    List<Integer> others = new ArrayList<>(dimensions);
    others.remove(axis);
    return others;
  }
}
