package io.espalier.trainer.file;

/** Half-precision floats (IEEE 754 binary16): 1 bit of sign, 5 of exponent, 10 of fraction. */
final class Halves {
  private static final float SMALLEST = 0x1p-24f;

  private Halves() {}

  /** The same value as a 32-bit float; every half has one, NaN payloads included. */
  static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >>> 10) & 0x1f;
    int fraction = half & 0x3ff;
    int magnitude =
        switch (exponent) {
          case 0 -> Float.floatToRawIntBits(fraction * SMALLEST);
          case 0x1f -> 0x7f80_0000 | (fraction << 13);
          default -> ((exponent - 15 + 127) << 23) | (fraction << 13);
        };
    return Float.intBitsToFloat(sign | magnitude);
  }
}
