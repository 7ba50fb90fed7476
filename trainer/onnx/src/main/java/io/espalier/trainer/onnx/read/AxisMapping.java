package io.espalier.trainer.onnx.read;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Axes of tensors under operations; negative axes count from the last. */
final class AxisMapping {
  private AxisMapping() {}

  public static int of(long axis, int rank) {
    long counted = axis < 0 ? axis + rank : axis;
    if (counted < 0 || counted >= rank) {
      throw new GraphException(
          "an axis must be of its tensor: axis=%d, axes=%d".formatted(axis, rank));
    }
    return (int) counted;
  }

  /** The axis where a flatten of a tensor parts rows from columns, from 0 to {@code rank}. */
  static int parting(Attributes attributes, int rank) {
    long axis = attributes.whole("axis", 1);
    return of(axis, axis < 0 ? rank : rank + 1);
  }

  public static List<Integer> added(List<Integer> dimensions, List<Long> axes) {
    int rank = dimensions.size() + axes.size();
    OnnxConstant.requireRank(Collections.nCopies(rank, 1));
    TreeSet<Integer> places = new TreeSet<>();
    axes.forEach(axis -> places.add(of(axis, rank)));
    if (places.size() != axes.size()) {
      throw new GraphException("axes must differ: axes=" + axes);
    }
    List<Integer> added = new ArrayList<>(dimensions);
    places.forEach(place -> added.add(place, 1));
    return added;
  }

  /** Dropped axes must have length 1; without {@code axes} all such axes are dropped. */
  public static List<Integer> dropped(List<Integer> dimensions, Optional<List<Long>> axes) {
    Set<Integer> places = new HashSet<>();
    axes.ifPresent(given -> given.forEach(axis -> places.add(of(axis, dimensions.size()))));
    List<Integer> rest = new ArrayList<>();
    for (int i = 0; i < dimensions.size(); i++) {
      boolean drop = axes.isPresent() ? places.contains(i) : dimensions.get(i) == 1;
      if (drop && dimensions.get(i) != 1) {
        throw new GraphException("an axis must have length 1 to be dropped: shape=" + dimensions);
      }
      if (!drop) {
        rest.add(dimensions.get(i));
      }
    }
    return rest;
  }

  public static List<Integer> order(Optional<List<Long>> permutation, int rank) {
    List<Integer> order =
        permutation
            .map(given -> given.stream().map(axis -> of(axis, rank)).toList())
            .orElseGet(() -> IntStream.range(0, rank).mapToObj(i -> rank - 1 - i).toList());
    if (order.size() != rank || new HashSet<>(order).size() != rank) {
      throw new GraphException("a permutation must name every axis once: perm=" + order);
    }
    return order;
  }

  /** Source index of each value of the permuted tensor, row-major. */
  public static int[] sources(List<Integer> dimensions, List<Integer> order) {
    int[] strides = strides(dimensions);
    return places(
        order.stream().map(dimensions::get).toList(),
        order.stream().mapToInt(axis -> strides[axis]).toArray());
  }

  /** The place of each value, row-major, where a step along an axis is {@code strides} places. */
  private static int[] places(List<Integer> lengths, int[] strides) {
    int[] places = new int[OnnxConstant.size(lengths)];
    int filled = Math.min(1, places.length);
    for (int axis = strides.length - 1; axis >= 0 && filled > 0; axis--) {
      int block = filled;
      filled *= lengths.get(axis);
      for (int i = block; i < filled; i++) {
        places[i] = places[i - block] + strides[axis];
      }
    }
    return places;
  }

  static List<Integer> broadcast(List<Integer> left, List<Integer> right) {
    int rank = Math.max(left.size(), right.size());
    List<Integer> dimensions = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      int a = i < rank - left.size() ? 1 : left.get(i - rank + left.size());
      int b = i < rank - right.size() ? 1 : right.get(i - rank + right.size());
      if (a != b && a != 1 && b != 1) {
        throw new GraphException(
            "shapes must go together: shape=%s, other=%s".formatted(left, right));
      }
      dimensions.add(a == 1 ? b : a);
    }
    return dimensions;
  }

  /** Source index in the smaller tensor for each value of the larger one, row-major. */
  public static int[] broadcastSources(List<Integer> smaller, List<Integer> larger) {
    int missing = larger.size() - smaller.size();
    if (missing < 0 || !broadcast(smaller, larger).equals(larger)) {
      throw new GraphException(
          "a constant must fit what it is combined with: constant=%s, other=%s"
              .formatted(smaller, larger));
    }
    int[] strides = strides(smaller);
    int[] steps = new int[larger.size()];
    for (int axis = missing; axis < steps.length; axis++) {
      steps[axis] = smaller.get(axis - missing) == 1 ? 0 : strides[axis - missing];
    }
    return places(larger, steps);
  }

  /** The places of an axis from {@code first} on, {@code step} apart. */
  record Stretch(int first, int step, int count) {
    /** The places of a slice of an axis; start and end may lie outside, and count from the end. */
    static Stretch of(long start, long end, long step, int length) {
      if (step == 0 || Math.abs(step) > Integer.MAX_VALUE) {
        throw new GraphException(
            "a step must be from 1 to 2147483647, or as much back: step=" + step);
      }
      long least = step > 0 ? 0 : -1;
      long most = step > 0 ? length : length - 1;
      long first = Math.max(least, Math.min(most, start < 0 ? start + length : start));
      long last = Math.max(least, Math.min(most, end < 0 ? end + length : end));
      long count = Math.max(0, Math.floorDiv(last - first + step - Long.signum(step), step));
      return new Stretch((int) first, (int) step, (int) count);
    }
  }

  /** Source index of each value of a tensor of which each axis has one stretch, row-major. */
  public static int[] stretched(List<Integer> dimensions, List<Stretch> stretches) {
    int[] strides = strides(dimensions);
    int first = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      first += stretches.get(axis).first() * strides[axis];
      strides[axis] *= stretches.get(axis).step();
    }
    int[] places = places(stretches.stream().map(Stretch::count).toList(), strides);
    for (int i = 0; i < places.length; i++) {
      places[i] += first;
    }
    return places;
  }

  private static int[] strides(List<Integer> dimensions) {
    int[] strides = new int[dimensions.size()];
    int stride = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= dimensions.get(axis);
    }
    return strides;
  }
}
