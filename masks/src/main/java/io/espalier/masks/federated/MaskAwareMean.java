package io.espalier.masks.federated;

import io.espalier.masks.Mask;

/**
 * The weighted mean of one parameter over the clients that hold each unit, {@code Σ wₖ mₖᵢ θₖᵢ / Σ
 * wₖ mₖᵢ} ("Communication-efficient learning of deep networks from decentralized data", McMahan et
 * al., 2017), in double and in the order in which they are added. Takes one client at a time and
 * keeps two doubles per unit. With equal masks it is the plain weighted mean over the kept units,
 * bit for bit. Not thread-safe.
 */
public final class MaskAwareMean {
  private final double[] sums;
  private final double[] weights;

  public MaskAwareMean(int units) {
    sums = new double[units];
    weights = new double[units];
  }

  /**
   * Adds a client of finite weight, 0 or more; values of units that it does not hold are not read.
   */
  public void add(float[] values, Mask holds, double weight) {
    UnitHolders.requireSize(sums.length, values.length);
    UnitHolders.requireSize(sums.length, holds.size());
    if (UnitHolders.counts(weight)) {
      holds.forEachKept(
          unit -> {
            sums[unit] += weight * values[unit];
            weights[unit] += weight;
          });
    }
  }

  /** Returns the mean of each unit, or its value in {@code unchanged} if no client holds it. */
  public float[] merge(float[] unchanged) {
    UnitHolders.requireSize(sums.length, unchanged.length);
    float[] merged = unchanged.clone();
    for (int unit = 0; unit < merged.length; unit++) {
      if (weights[unit] > 0) {
        merged[unit] = (float) (sums[unit] / weights[unit]);
      }
    }
    return merged;
  }
}
