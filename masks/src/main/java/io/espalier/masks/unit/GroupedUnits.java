package io.espalier.masks.unit;

import io.espalier.configs.GranularityConfig.Reduction;
import io.espalier.masks.Mask;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Units of several weights.
 *
 * @param counts units of each parameter
 * @param unitOf for each parameter the unit of each weight
 * @param reduction how the scores of a unit's weights become one
 */
record GroupedUnits(List<Integer> counts, List<int[]> unitOf, Reduction reduction)
    implements Units {

  @Override
  public float[] lift(int parameter, float[] scores) {
    int[] units = unitOf.get(parameter);
    double[] running = new double[counts.get(parameter)];
    int[] members = new int[running.length];
    Arrays.fill(running, Reducing.start(reduction));
    for (int i = 0; i < units.length; i++) {
      int unit = units[i];
      members[unit]++;
      running[unit] = Reducing.with(reduction, running[unit], scores[i]);
    }
    float[] lifted = new float[running.length];
    for (int unit = 0; unit < lifted.length; unit++) {
      lifted[unit] = (float) Reducing.end(reduction, running[unit], members[unit]);
    }
    return lifted;
  }

  @Override
  public Mask lift(int parameter, Mask weights) {
    boolean[] kept = new boolean[counts.get(parameter)];
    weights.forEachKept(weight -> kept[unitOf.get(parameter)[weight]] = true);
    return Mask.of(kept.length, unit -> kept[unit]);
  }

  @Override
  public Mask lower(int parameter, Mask units) {
    int[] unit = unitOf.get(parameter);
    return Mask.of(unit.length, weight -> units.isKept(unit[weight]));
  }

  @Override
  public int unitOf(int parameter, int weight) {
    return unitOf.get(parameter)[weight];
  }

  @Override
  public boolean areWeights() {
    return false;
  }

  /** Units by the place of weights in each parameter; places count from 0 without a gap. */
  static GroupedUnits of(List<int[]> unitOf, Reduction reduction) {
    return new GroupedUnits(
        unitOf.stream().map(units -> IntStream.of(units).max().orElse(-1) + 1).toList(),
        unitOf,
        reduction);
  }
}
