package io.espalier.trainer.observer;

/** Sums over rows, as means. */
final class Means {
  private Means() {}

  static float[] of(double[] sums, long rows) {
    float[] means = new float[sums.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = (float) (sums[i] / rows);
    }
    return means;
  }
}
