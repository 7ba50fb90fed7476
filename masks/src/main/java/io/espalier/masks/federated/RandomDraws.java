package io.espalier.masks.federated;

import io.espalier.masks.random.CounterRandom;

/**
 * Random numbers of several distributions, one after another; alike on every platform. Not
 * thread-safe.
 */
final class RandomDraws {
  private final CounterRandom random;
  private long next;

  RandomDraws(CounterRandom random) {
    this.random = random;
  }

  int below(int bound) {
    return (int) (((random.bits(next++) >>> 32) * bound) >>> 32);
  }

  /**
   * The logarithm of a Gamma-distributed number ("A simple method for generating gamma variables",
   * Marsaglia and Tsang, 2000). For shapes below 1 it is {@code Gamma(shape + 1) · U^(1 / shape)}:
   * small shapes give numbers far below the smallest double, but not their logarithms.
   */
  double logGamma(double shape) {
    if (shape < 1) {
      return logGamma(shape + 1) + StrictMath.log(uniform()) / shape;
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = normal();
      double root = 1 + c * x;
      double v = root * root * root;
      if (v > 0 && StrictMath.log(uniform()) < x * x / 2 + d - d * v + d * StrictMath.log(v)) {
        return StrictMath.log(d * v);
      }
    }
  }

  /** Standard normal (Box and Muller, 1958). */
  private double normal() {
    double radius = Math.sqrt(-2 * StrictMath.log(uniform()));
    return radius * StrictMath.cos(2 * StrictMath.PI * uniform());
  }

  private double uniform() {
    return random.uniform(next++) + 0x1p-54;
  }
}
