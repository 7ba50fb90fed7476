package io.espalier.masks.aggregation;

/**
 * Running means and variances of one norm over the data of several clients: {@code mean = Σ wₖ
 * meanₖ} and {@code var = Σ wₖ (varₖ + meanₖ²) − mean²}, with weights that sum to 1.
 *
 * <p>Computed client by client as deviations from the mean so far ("Updating formulae and a
 * pairwise algorithm for computing sample variances", Chan, Golub and LeVeque, 1979), in double and
 * in the order in which they are added, so that no variance is ever negative and large means do not
 * swallow small variances. Not thread-safe.
 */
public final class PooledNorms {
  private final double[] means;

  /** Weight so far times variance. */
  private final double[] spreads;

  private double total;

  /** Statistics of no client yet. */
  public PooledNorms(int channels) {
    means = new double[channels];
    spreads = new double[channels];
  }

  /**
   * Adds a client's statistics, one mean and one variance per channel.
   *
   * @param weight finite, 0 or more; with 0 nothing changes
   */
  public void add(float[] mean, float[] variance, double weight) {
    requireStatistics(mean, variance);
    if (!Weights.counts(weight)) {
      return;
    }
    double before = total;
    total += weight;
    for (int c = 0; c < means.length; c++) {
      double away = mean[c] - means[c];
      means[c] += away * (weight / total);
      spreads[c] += weight * variance[c] + away * away * before * (weight / total);
    }
  }

  /** Means over all clients. */
  public float[] mean() {
    return divided(means, 1);
  }

  /** Variances over all clients' data. */
  public float[] variance() {
    return divided(spreads, total);
  }

  private float[] divided(double[] values, double divisor) {
    if (total == 0) {
      throw new IllegalStateException(
          "pooled norms need a client of weight above 0: channels=" + means.length);
    }
    float[] result = new float[values.length];
    for (int c = 0; c < result.length; c++) {
      result[c] = (float) (values[c] / divisor);
    }
    return result;
  }

  private void requireStatistics(float[] mean, float[] variance) {
    Sizes.require(means.length, mean.length);
    Sizes.require(means.length, variance.length);
    for (int c = 0; c < mean.length; c++) {
      if (!Float.isFinite(mean[c]) || !(variance[c] >= 0 && variance[c] <= Float.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "means must be finite, and variances also 0 or more: channel=%d, mean=%s, variance=%s"
                .formatted(c, mean[c], variance[c]));
      }
    }
  }
}
