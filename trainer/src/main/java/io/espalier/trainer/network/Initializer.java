package io.espalier.trainer.network;

import io.espalier.masks.random.Seeds;
import io.espalier.masks.random.Seeds.Purpose;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Initial values: weights normal with variance 2 / fan-in (He, Zhang, Ren and Sun, "Delving Deep
 * into Rectifiers: Surpassing Human-Level Performance on ImageNet Classification", 2015), biases,
 * shifts and means 0, scales and variances 1. Pure, with the same bits on every platform.
 * Thread-safe.
 */
public final class Initializer {
  private Initializer() {}

  /** Row-major initial values; each {@code parameterIndex} draws from an independent stream. */
  public static float[] initial(ParameterSpec spec, long seed, int parameterIndex) {
    float[] values = new float[spec.shape().size()];
    switch (spec.role()) {
      case WEIGHT ->
          fillNormal(
              values,
              StrictMath.sqrt(2.0 / spec.fanIn()),
              Seeds.stream(Purpose.INITIAL_VALUES, seed, parameterIndex));
      case NORM_SCALE, RUNNING_VARIANCE -> Arrays.fill(values, 1f);
      case BIAS, NORM_SHIFT, RUNNING_MEAN -> Arrays.fill(values, 0f);
    }
    return values;
  }

  /** Two values at a time (Box and Muller, 1958). */
  private static void fillNormal(float[] values, double deviation, SplittableRandom random) {
    for (int i = 0; i < values.length; i += 2) {
      double radius = deviation * StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(random)));
      double angle = 2 * Math.PI * uniform(random);
      values[i] = (float) (radius * StrictMath.cos(angle));
      if (i + 1 < values.length) {
        values[i + 1] = (float) (radius * StrictMath.sin(angle));
      }
    }
  }

  /** In [0, 1), with 53 random bits. */
  private static double uniform(SplittableRandom random) {
    return (random.nextLong() >>> 11) * 0x1.0p-53;
  }
}
