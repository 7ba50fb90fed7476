package io.espalier.trainer.analysis;

/**
 * The PQ index of weights, a measure of sparsity: {@code 1 − d^(1/q − 1/p) · ‖w‖p / ‖w‖q} of the
 * {@code d} weights that are not 0 (Diao et al., "Pruning Deep Neural Networks from a Sparsity
 * Perspective", 2023). It is 0 where all magnitudes are equal, always below 1, larger where few
 * weights have most of the magnitude, and changes neither with the scale of the weights nor where
 * they are repeated. Takes weights one after the other. Not thread-safe.
 */
final class PqIndex {
  /** Rounding may leave this much below 0. */
  private static final double ROUNDING = 1e-5;

  private final double p;
  private final double q;
  private double sumP;
  private double sumQ;
  private long count;

  /** The index of no weights yet, for {@code 0 < p < q}. */
  PqIndex(double p, double q) {
    if (!(p > 0 && p < q && q < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "norms must have 0 < p < q, both finite: p=%s, q=%s".formatted(p, q));
    }
    this.p = p;
    this.q = q;
  }

  /** Takes weights that are not 0; others are pruned, and left out. */
  PqIndex add(float[] weights) {
    for (float weight : weights) {
      if (weight != 0) {
        double magnitude = Math.abs((double) weight);
        sumP += power(magnitude, p);
        sumQ += power(magnitude, q);
        count++;
      }
    }
    return this;
  }

  /** The index of the weights so far; 0 if there are none. */
  double value() {
    if (count == 0) {
      return 0;
    }
    double ratio = StrictMath.pow(sumP / count, 1 / p) / StrictMath.pow(sumQ / count, 1 / q);
    double index = 1 - ratio;
    return index < 0 && index > -ROUNDING ? 0 : index;
  }

  private static double power(double magnitude, double exponent) {
    if (exponent == 1) {
      return magnitude;
    }
    if (exponent == 2) {
      return magnitude * magnitude;
    }
    return exponent == .5 ? Math.sqrt(magnitude) : StrictMath.pow(magnitude, exponent);
  }
}
