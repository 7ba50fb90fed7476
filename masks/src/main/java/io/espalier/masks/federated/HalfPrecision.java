package io.espalier.masks.federated;

/** Half-precision floats (IEEE 754 binary16): 1 bit of sign, 5 of exponent, 10 of fraction. */
public final class HalfPrecision {
  public static final float LARGEST = 65504;

  private static final float SMALLEST = 0x1p-24f;
  private static final int SMALLEST_NORMAL = Float.floatToRawIntBits(0x1p-14f);
  private static final int INFINITE = Float.floatToRawIntBits(0x1p16f);
  private static final int NAN = 0x7f80_0001;

  private HalfPrecision() {}

  /** Returns the value as a 32-bit float; every half has one, NaN payloads included. */
  public static float toFloat(short half) {
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

  /** The nearest half, the even one of two; infinite from 65520 on. A NaN stays one. */
  public static short ofFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int magnitude = bits & 0x7fff_ffff;
    return (short) ((bits >>> 16 & 0x8000) | magnitude(magnitude));
  }

  private static int magnitude(int bits) {
    if (bits >= NAN) {
      return 0x7e00 | (bits >>> 13 & 0x3ff);
    }
    if (bits >= INFINITE) {
      return 0x7c00;
    }
    if (bits < SMALLEST_NORMAL) {
      return (int) Math.rint(Float.intBitsToFloat(bits) / SMALLEST);
    }
    // Half of the last place, less one where the even neighbour is below.
    int even = 0xfff + (bits >>> 13 & 1);
    return (bits - ((127 - 15) << 23) + even) >>> 13;
  }
}
