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

  /** Whether all bits are 0, so not for −0. */
  static boolean isZero(float value) {
    return Float.floatToRawIntBits(value) == 0;
  }
}
