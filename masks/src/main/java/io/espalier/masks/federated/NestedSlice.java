package io.espalier.masks.federated;

import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.AxisSlices;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Converts between arrays of the whole network and of a cut one. Parameters are named by their
 * place in the layout. Immutable.
 */
public final class NestedSlice {
  private final Layout layout;
  private final boolean whole;
  private final List<int[]> indices = new ArrayList<>();
  private final List<Integer> wholeSizes = new ArrayList<>();
  private final Map<ParameterId, Integer> places = new HashMap<>();

  private NestedSlice(Layout layout) {
    this.layout = layout;
    this.whole = layout.isDense();
    for (ParameterShape shape : layout.shapes()) {
      places.put(shape.id(), wholeSizes.size());
      wholeSizes.add(layout.originalSize(shape.id()));
      indices.add(whole ? new int[0] : AxisSlices.originalIndices(layout, shape.id()));
    }
  }

  public static NestedSlice of(Layout layout) {
    return new NestedSlice(layout);
  }

  public Layout layout() {
    return layout;
  }

  /** The cut network's values of a parameter: the same array if that is whole. */
  public float[] narrowed(int parameter, float[] values) {
    requireSize(values.length, wholeSizes.get(parameter));
    if (whole) {
      return values;
    }
    int[] from = indices.get(parameter);
    float[] narrow = new float[from.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = values[from[i]];
    }
    return narrow;
  }

  /** A whole parameter, 0 where the cut network has no value: the same array if that is whole. */
  public float[] widened(int parameter, float[] narrow) {
    requireSize(narrow.length, size(parameter));
    if (whole) {
      return narrow;
    }
    int[] to = indices.get(parameter);
    float[] values = new float[wholeSizes.get(parameter)];
    for (int i = 0; i < narrow.length; i++) {
      values[to[i]] = narrow[i];
    }
    return values;
  }

  /** The units of the whole parameter that a mask of the cut network keeps. */
  public Mask widened(int parameter, Mask narrow) {
    requireSize(narrow.size(), size(parameter));
    if (whole) {
      return narrow;
    }
    int[] to = indices.get(parameter);
    BitSet kept = new BitSet();
    narrow.forEachKept(unit -> kept.set(to[unit]));
    return Mask.of(wholeSizes.get(parameter), kept::get);
  }

  /** The whole network's masks restricted to the cut network's units; same version. */
  public MaskSet narrowed(MaskSet global) {
    if (whole) {
      return global;
    }
    List<Mask> masks = new ArrayList<>();
    for (ParameterId id : global.parameters()) {
      Mask mask = global.mask(id);
      int[] from = indices.get(Objects.requireNonNull(places.get(id)));
      requireSize(mask.size(), layout.originalSize(id));
      masks.add(Mask.of(from.length, unit -> mask.isKept(from[unit])));
    }
    return MaskSet.of(global.version(), layout, global.parameters(), masks);
  }

  private int size(int parameter) {
    return layout.shapes().get(parameter).size();
  }

  private static void requireSize(int size, int expected) {
    if (size != expected) {
      throw new IllegalArgumentException(
          "a parameter must have the values of its network: values=%d, expected=%d"
              .formatted(size, expected));
    }
  }
}
