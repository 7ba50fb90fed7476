package io.espalier.trainer.sparse;

import io.espalier.masks.Mask;
import java.util.Arrays;

/**
 * The weights of a layer as its loops read them, and their gradients: the kept ones of a parameter,
 * or all, with 0 for those that are pruned.
 */
final class WeightForm {
  private static final int[] NONE = {};

  private final SparseParameter weight;
  private Mask units;
  private boolean isAll;
  private int[] places = NONE;
  private float[] values;
  private float[] gradient = new float[0];

  WeightForm(SparseParameter weight) {
    this.weight = weight;
    units = weight.mask();
    values = weight.seen();
  }

  /** Takes kept weights alone, in the parameter's own memory. */
  void takeKept() {
    units = weight.mask();
    isAll = false;
    places = NONE;
    values = weight.seen();
    gradient = new float[0];
  }

  /** Takes all weights, in memory that is loaded and stored around passes. */
  void takeAll() {
    units = Mask.allKept(weight.mask().size());
    isAll = true;
    places = new int[weight.mask().kept()];
    int k = 0;
    for (int unit = weight.mask().nextKept(0); unit >= 0; unit = weight.mask().nextKept(unit + 1)) {
      places[k++] = unit;
    }
    values = new float[units.size()];
  }

  boolean isAll() {
    return isAll;
  }

  Mask units() {
    return units;
  }

  /** One per unit of {@link #units}. */
  float[] values() {
    return values;
  }

  float[] gradient() {
    return isAll ? gradient : weight.gradient();
  }

  /** Before a pass, as the parameter's values change with each step. */
  void load(boolean trains) {
    if (!isAll) {
      return;
    }
    float[] kept = weight.seen();
    for (int k = 0; k < places.length; k++) {
      values[places[k]] = kept[k];
    }
    if (trains && gradient.length != values.length) {
      gradient = new float[values.length];
    }
  }

  /** Gives the parameter the gradients of a range of all units. */
  void store(int from, int to) {
    if (!isAll) {
      return;
    }
    float[] kept = weight.gradient();
    for (int k = index(from); k < places.length && places[k] < to; k++) {
      kept[k] = gradient[places[k]];
    }
  }

  private int index(int unit) {
    int found = Arrays.binarySearch(places, unit);
    return found < 0 ? -found - 1 : found;
  }
}
