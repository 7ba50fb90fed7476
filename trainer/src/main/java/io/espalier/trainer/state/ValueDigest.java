package io.espalier.trainer.state;

import com.dynatrace.hash4j.hashing.HashStream64;
import io.espalier.masks.Mask;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Digests arrays as, for each block of units, a bit for each that is not +0, then the values of
 * those: an array costs what is stored of it. Not thread-safe.
 */
public final class ValueDigest {
  private static final int WORDS = 64;
  private static final int UNITS = WORDS << 6;

  private final HashStream64 stream;
  private final float[] block = new float[UNITS];
  private final float[] values = new float[UNITS];
  private final byte[] bytes = new byte[UNITS * Float.BYTES];
  private final FloatBuffer floats =
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  private final long[] present = new long[WORDS];

  ValueDigest(HashStream64 stream) {
    this.stream = stream;
  }

  /** An array of which all values are stored; its position and limit stay. */
  public void all(FloatBuffer array) {
    for (int from = 0; from < array.limit(); from += UNITS) {
      int length = Math.min(UNITS, array.limit() - from);
      array.get(from, block, 0, length);
      int count = 0;
      for (int start = 0; start < length; start += Long.SIZE) {
        long word = 0;
        for (int i = start; i < Math.min(length, start + Long.SIZE); i++) {
          int bits = Float.floatToRawIntBits(block[i]);
          values[count] = block[i];
          count += (bits | -bits) >>> 31;
          word |= (long) ((bits | -bits) >>> 31) << i;
        }
        present[start >> 6] = word;
      }
      put((length + Long.SIZE - 1) >> 6, count);
    }
  }

  /** An array of which the values of a mask's units are stored, in their order. */
  public void kept(Mask units, float[] kept) {
    int index = 0;
    for (int first = 0; first < units.wordCount(); first += WORDS) {
      int words = Math.min(WORDS, units.wordCount() - first);
      int count = 0;
      for (int i = 0; i < words; i++) {
        long word = units.word(first + i);
        for (long rest = word; rest != 0; rest &= rest - 1) {
          float value = kept[index++];
          values[count] = value;
          if (Float.floatToRawIntBits(value) == 0) {
            word &= ~Long.lowestOneBit(rest);
          } else {
            count++;
          }
        }
        present[i] = word;
      }
      put(words, count);
    }
  }

  private void put(int words, int count) {
    for (int i = 0; i < words; i++) {
      stream.putLong(present[i]);
    }
    floats.put(0, values, 0, count);
    stream.putBytes(bytes, 0, count * Float.BYTES);
  }
}
