package io.espalier.trainer.prepare;

import java.util.List;
import java.util.Optional;

/** Converts tensors whose outputs come last, as in Keras, to outputs first. */
final class AxisOrder {
  private AxisOrder() {}

  /** The stored axis of each of our axes; empty for ranks other than 2 and 4. */
  static Optional<List<Integer>> outputsFirst(int rank) {
    return switch (rank) {
      case 2 -> Optional.of(List.of(1, 0));
      case 4 -> Optional.of(List.of(3, 2, 0, 1));
      default -> Optional.empty();
    };
  }

  static List<Integer> permuted(List<Integer> stored, List<Integer> order) {
    return order.stream().map(stored::get).toList();
  }

  static float[] permuted(float[] stored, List<Integer> dimensions, List<Integer> order) {
    int rank = order.size();
    int[] stride = new int[rank];
    int step = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      stride[axis] = step;
      step *= dimensions.get(axis);
    }
    List<Integer> lengths = permuted(dimensions, order);
    float[] values = new float[stored.length];
    for (int i = 0; i < values.length; i++) {
      int rest = i;
      int from = 0;
      for (int axis = rank - 1; axis >= 0; axis--) {
        from += rest % lengths.get(axis) * stride[order.get(axis)];
        rest /= lengths.get(axis);
      }
      values[i] = stored[from];
    }
    return values;
  }

  static List<Integer> position(int index, List<Integer> dimensions) {
    Integer[] position = new Integer[dimensions.size()];
    int rest = index;
    for (int axis = position.length - 1; axis >= 0; axis--) {
      position[axis] = rest % dimensions.get(axis);
      rest /= dimensions.get(axis);
    }
    return List.of(position);
  }
}
