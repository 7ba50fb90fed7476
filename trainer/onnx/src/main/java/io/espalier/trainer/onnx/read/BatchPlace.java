package io.espalier.trainer.onnx.read;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The axes of a value whose batch is not its first axis, as {@code [positions, batch, features]},
 * or lies within an axis, as in {@code [batch · heads, positions, size]}. Immutable.
 *
 * @param axes the lengths that each axis is the product of, in order; {@link #BATCH} is one of them
 */
record BatchPlace(List<List<Integer>> axes) {
  static final int BATCH = 0;

  BatchPlace {
    axes = axes.stream().map(List::copyOf).toList();
  }

  /** The batch first, as usual. */
  static BatchPlace first(List<Integer> dimensions) {
    List<List<Integer>> axes = new ArrayList<>();
    axes.add(List.of(BATCH));
    dimensions.forEach(length -> axes.add(List.of(length)));
    return new BatchPlace(axes);
  }

  boolean isFirst() {
    return !axes.isEmpty() && axes.get(0).equals(List.of(BATCH));
  }

  /** Lengths without the batch. */
  List<Integer> dimensions() {
    return axes.stream().flatMap(List::stream).filter(length -> length != BATCH).toList();
  }

  /** The length of each axis, of which one may be a multiple of the batch's. */
  List<Long> lengths() {
    return axes.stream().map(BatchPlace::length).toList();
  }

  private static long length(List<Integer> axis) {
    long others = 1;
    for (int length : axis) {
      others *= length == BATCH ? 1 : length;
    }
    return axis.contains(BATCH) ? OnnxConstant.batches(others) : others;
  }

  /** The place of an axis among the dimensions; it must be one of them alone. */
  int dimension(int axis) {
    if (axes.get(axis).size() != 1 || axes.get(axis).contains(BATCH)) {
      throw new GraphException("it must leave the batch as it is: axis=" + axis);
    }
    return new BatchPlace(axes.subList(0, axis)).dimensions().size();
  }

  BatchPlace permuted(List<Integer> order) {
    return new BatchPlace(order.stream().map(axes::get).toList());
  }

  /** The order of the dimensions where that of the axes changes. */
  List<Integer> permutedDimensions(List<Integer> order) {
    List<Integer> dimensions = new ArrayList<>();
    for (int axis : order) {
      int first = new BatchPlace(axes.subList(0, axis)).dimensions().size();
      int count = new BatchPlace(axes.subList(axis, axis + 1)).dimensions().size();
      for (int i = first; i < first + count; i++) {
        dimensions.add(i);
      }
    }
    return dimensions;
  }

  BatchPlace withAxis(int axis) {
    List<List<Integer>> all = new ArrayList<>(axes);
    all.add(axis, List.of(1));
    return new BatchPlace(all);
  }

  BatchPlace withoutAxis(int axis) {
    List<List<Integer>> all = new ArrayList<>(axes);
    all.remove(axis);
    return new BatchPlace(all);
  }

  BatchPlace withLength(int axis, int length) {
    List<List<Integer>> all = new ArrayList<>(axes);
    all.set(axis, List.of(length));
    return new BatchPlace(all);
  }

  /**
   * The place of the batch once the values stand, row-major, in another shape.
   *
   * @param target lengths; 0 is that of the same axis before, −1 what is left, and a multiple of
   *     the batch's says where the batch is
   * @param batch the batch's length where the file fixes it, or 0
   */
  BatchPlace reshaped(long[] target, long batch) {
    return new BatchReshape(this, target, batch).result();
  }

  /** Whether the first axes are those of another one. */
  boolean startsAs(BatchPlace other, int axes) {
    return axes().size() == other.axes().size()
        && axes().subList(0, axes).equals(other.axes().subList(0, axes));
  }

  /** A constant that goes with these axes, as it goes with the batch and then the dimensions. */
  OnnxConstant withBatchFirst(OnnxConstant constant) {
    int missing = axes.size() - constant.dimensions().size();
    if (constant.size() == 1 || missing < 0) {
      return constant;
    }
    List<Integer> lengths = new ArrayList<>(Collections.nCopies(missing, 1));
    lengths.addAll(constant.dimensions());
    List<Integer> dimensions = new ArrayList<>(List.of(1));
    for (int axis = 0; axis < axes.size(); axis++) {
      if (!axes.get(axis).contains(BATCH)) {
        dimensions.add(lengths.get(axis));
      } else if (lengths.get(axis) == 1) {
        dimensions.addAll(Collections.nCopies(axes.get(axis).size() - 1, 1));
      } else {
        throw new GraphException(
            "a constant must be the same for all examples: shape=" + constant.dimensions());
      }
    }
    return constant.reshaped(dimensions);
  }

  /** How many values stand in front of the batch. */
  long before() {
    List<Integer> all = axes.stream().flatMap(List::stream).toList();
    int batch = all.indexOf(BATCH);
    return OnnxConstant.size(batch < 0 ? Collections.emptyList() : all.subList(0, batch));
  }

  static List<String> shown(BatchPlace place) {
    return shown(place.lengths().stream().mapToLong(each -> each).toArray());
  }

  /** Lengths as an error shows them. */
  static List<String> shown(long[] lengths) {
    List<String> shown = new ArrayList<>();
    for (long length : lengths) {
      if (!OnnxConstant.isBatches(length)) {
        shown.add("" + length);
      } else {
        long others = OnnxConstant.batchesIn(length);
        shown.add(others == 1 ? "batch" : others + " · batch");
      }
    }
    return shown;
  }
}
