package io.espalier.trainer.replica;

import io.espalier.masks.Mask;
import java.util.Arrays;

/** Masks of a {@link Toy} as factors, and exact zeros. */
final class Values {
  private Values() {}

  static float[] of(Mask mask) {
    float[] values = new float[mask.size()];
    mask.copyTo(values);
    return values;
  }

  static float[] ones() {
    float[] values = new float[12];
    Arrays.fill(values, 1);
    return values;
  }

  static double[] inDouble(float[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }

  /** Whether all bits are 0, so not for −0. */
  static boolean isZero(float value) {
    return Float.floatToRawIntBits(value) == 0;
  }
}
