package io.espalier.masks.structure;

import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import java.util.stream.IntStream;

/** Where the values of a cut parameter were in the uncut one. */
public final class AxisSlices {
  private AxisSlices() {}

  /** The row-major indices in the uncut network of the values that a layout leaves; ascending. */
  public static int[] originalIndices(Layout layout, ParameterId id) {
    int[] indices = {0};
    for (int axis = 0; axis < layout.rank(id); axis++) {
      indices = within(indices, layout.surviving(id, axis));
    }
    return indices;
  }

  private static int[] within(int[] outer, Mask axis) {
    int[] survivors = IntStream.range(0, axis.size()).filter(axis::isKept).toArray();
    int[] inner = new int[outer.length * survivors.length];
    for (int i = 0; i < inner.length; i++) {
      inner[i] = outer[i / survivors.length] * axis.size() + survivors[i % survivors.length];
    }
    return inner;
  }
}
