package io.espalier.masks.federated;

import io.espalier.masks.Mask;
import java.util.function.IntToDoubleFunction;

/**
 * Running means and variances of one norm over the data of several clients, channel by channel over
 * those that hold it: {@code mean = Σ wₖ meanₖ} and {@code var = Σ wₖ (varₖ + meanₖ²) − mean²},
 * with weights that sum to 1.
 *
 * <p>Computed client by client as deviations from the mean so far ("Updating formulae and a
 * pairwise algorithm for computing sample variances", Chan, Golub and LeVeque, 1979), in double and
 * in the order in which they are added, so that no variance is ever negative and large means do not
 * swallow small variances. Not thread-safe.
 */
public final class PooledNorms {
  private final double[] means;

  private final double[] spreads;

  private final double[] totals;

  public PooledNorms(int channels) {
    means = new double[channels];
    spreads = new double[channels];
    totals = new double[channels];
  }

  /**
   * Adds a client's statistics for the channels that {@code holds} keeps; with weight 0 nothing
   * changes.
   */
  public void add(float[] mean, float[] variance, Mask holds, double weight) {
    UnitHolders.requireSize(means.length, mean.length);
    UnitHolders.requireSize(means.length, variance.length);
    UnitHolders.requireSize(means.length, holds.size());
    holds.forEachKept(channel -> requireStatistics(channel, mean[channel], variance[channel]));
    if (UnitHolders.counts(weight)) {
      holds.forEachKept(channel -> add(channel, mean[channel], variance[channel], weight));
    }
  }

  private void add(int channel, float mean, float variance, double weight) {
    double before = totals[channel];
    double total = before + weight;
    double away = mean - means[channel];
    means[channel] += away * (weight / total);
    spreads[channel] += weight * variance + away * away * before * (weight / total);
    totals[channel] = total;
  }

  /**
   * A new array of means over all clients that have a channel, else its value in {@code unchanged}.
   */
  public float[] mean(float[] unchanged) {
    return pooled(unchanged, channel -> means[channel]);
  }

  public float[] variance(float[] unchanged) {
    return pooled(unchanged, channel -> spreads[channel] / totals[channel]);
  }

  private float[] pooled(float[] unchanged, IntToDoubleFunction value) {
    UnitHolders.requireSize(means.length, unchanged.length);
    float[] result = unchanged.clone();
    for (int c = 0; c < result.length; c++) {
      if (totals[c] > 0) {
        result[c] = (float) value.applyAsDouble(c);
      }
    }
    return result;
  }

  private static void requireStatistics(int channel, float mean, float variance) {
    if (!Float.isFinite(mean) || !(variance >= 0 && variance <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "means must be finite, and variances also 0 or more: channel=%d, mean=%s, variance=%s"
              .formatted(channel, mean, variance));
    }
  }
}
