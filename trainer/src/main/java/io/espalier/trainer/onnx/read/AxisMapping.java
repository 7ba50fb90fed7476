package io.espalier.trainer.onnx.read;

import java.util.ArrayList;
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

  public static List<Integer> added(List<Integer> dimensions, List<Long> axes) {
    int rank = dimensions.size() + axes.size();
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
    int rank = dimensions.size();
    int[] strides = strides(dimensions);
    int[] sources = new int[OnnxConstant.size(dimensions)];
    for (int i = 0; i < sources.length; i++) {
      int rest = i;
      for (int axis = rank - 1; axis >= 0; axis--) {
        int length = dimensions.get(order.get(axis));
        sources[i] += rest % length * strides[order.get(axis)];
        rest /= length;
      }
    }
    return sources;
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
    int[] sources = new int[OnnxConstant.size(larger)];
    for (int i = 0; i < sources.length; i++) {
      int rest = i;
      for (int axis = larger.size() - 1; axis >= missing; axis--) {
        int place = rest % larger.get(axis);
        sources[i] += smaller.get(axis - missing) == 1 ? 0 : place * strides[axis - missing];
        rest /= larger.get(axis);
      }
    }
    return sources;
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
