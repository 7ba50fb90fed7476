package io.espalier.masks.federated;

import io.espalier.masks.federated.ValueFormat.DamagedUpdateException;
import io.espalier.masks.federated.ValueFormat.DamagedUpdateException.Fault;
import java.nio.ByteBuffer;

/**
 * Blocks of up to 256 values: one scale and a signed byte per value, which stands for {@code byte ·
 * scale}.
 *
 * <pre>
 *  0               4                                            4 + n
 * +---------------+---------+---------+---------+--------------+
 * | scale, 0 or   | value 0 | value 1 |   ...   | value n - 1  |   n = 256, or what is left
 * | more (float)  | -127 … 127                                 |
 * +---------------+---------+---------+---------+--------------+
 * </pre>
 *
 * <p>The scale is the largest magnitude over 127, rounded up, so no value is cut off. Bytes are
 * rounded to the nearest, the even one of two.
 */
final class ScaledBytes {
  private static final int BLOCK = 256;
  private static final int LARGEST_BYTE = 127;

  private static final float LARGEST_SCALE =
      Math.nextDown((float) (Float.MAX_VALUE / (double) LARGEST_BYTE));

  private ScaledBytes() {}

  static long length(int values) {
    return values + (long) Float.BYTES * (((long) values + BLOCK - 1) / BLOCK);
  }

  static void write(float[] values, ByteBuffer target) {
    for (int start = 0; start < values.length; start += BLOCK) {
      int end = Math.min(values.length, start + BLOCK);
      float scale = scale(values, start, end);
      target.putFloat(scale);
      for (int i = start; i < end; i++) {
        long nearest = scale == 0 ? 0 : (long) Math.rint(values[i] / (double) scale);
        target.put((byte) Math.max(-LARGEST_BYTE, Math.min(LARGEST_BYTE, nearest)));
      }
    }
  }

  static void read(ByteBuffer source, float[] values) {
    for (int start = 0; start < values.length; start += BLOCK) {
      int end = Math.min(values.length, start + BLOCK);
      float scale = requireScale(source.getFloat());
      for (int i = start; i < end; i++) {
        values[i] = requireByte(source.get()) * scale;
      }
    }
  }

  private static float scale(float[] values, int start, int end) {
    float largest = 0;
    for (int i = start; i < end; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    double real = (double) largest / LARGEST_BYTE;
    float near = (float) real;
    return Math.min(LARGEST_SCALE, near < real ? Math.nextUp(near) : near);
  }

  private static float requireScale(float scale) {
    if (!(scale >= 0 && scale <= LARGEST_SCALE)) {
      throw new DamagedUpdateException(
          Float.isFinite(scale) ? Fault.MALFORMED : Fault.NOT_FINITE,
          "a block's scale must be 0 or more and its values finite: scale=" + scale);
    }
    return scale;
  }

  private static int requireByte(byte value) {
    if (value < -LARGEST_BYTE) {
      throw new DamagedUpdateException(
          Fault.MALFORMED, "a scaled byte must be from -127 to 127: byte=" + value);
    }
    return value;
  }
}
