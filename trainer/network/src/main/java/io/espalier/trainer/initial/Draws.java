package io.espalier.trainer.initial;

import java.util.SplittableRandom;

/** Fills arrays with random values, to the same bits on every platform. */
final class Draws {
  private Draws() {}

  /** Normal with mean 0, two values at a time (Box and Muller, 1958). */
  static void normal(float[] values, double deviation, SplittableRandom random) {
    for (int i = 0; i < values.length; i += 2) {
      double radius = deviation * StrictMath.sqrt(-2 * StrictMath.log(1 - share(random)));
      double angle = 2 * Math.PI * share(random);
      values[i] = (float) (radius * StrictMath.cos(angle));
      if (i + 1 < values.length) {
        values[i + 1] = (float) (radius * StrictMath.sin(angle));
      }
    }
  }

  /** Uniform from {@code -bound} to {@code bound}. */
  static void uniform(float[] values, double bound, SplittableRandom random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (bound * (2 * share(random) - 1));
    }
  }

  /** In [0, 1), with 53 random bits. */
  private static double share(SplittableRandom random) {
    return (random.nextLong() >>> 11) * 0x1.0p-53;
  }
}
