package io.espalier.trainer.state;

import com.dynatrace.hash4j.hashing.HashStream64;
import io.espalier.masks.Mask;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Digests all values of arrays, whether all are stored or kept ones alone. Not thread-safe. */
public final class ValueDigest {
  private static final int WORDS = 64;
  private static final int UNITS = WORDS << 6;

  private final HashStream64 stream;
  private final float[] block = new float[UNITS];
  private final byte[] bytes = new byte[UNITS * Float.BYTES];
  private final FloatBuffer floats =
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();

  ValueDigest(HashStream64 stream) {
    this.stream = stream;
  }

  /** An array of which all values are stored; its position and limit stay. */
  public void all(FloatBuffer array) {
    for (int from = 0; from < array.limit(); from += UNITS) {
      int length = Math.min(UNITS, array.limit() - from);
      floats.put(0, array, from, length);
      stream.putBytes(bytes, 0, length * Float.BYTES);
    }
  }

  /** An array of which the values of a mask's units are stored, in their order; others are 0. */
  public void kept(Mask units, float[] kept) {
    int next = 0;
    for (int first = 0; first < units.wordCount(); first += WORDS) {
      Arrays.fill(block, 0);
      int end = Math.min(units.wordCount(), first + WORDS);
      for (int i = first; i < end; i++) {
        int base = (i - first) << 6;
        for (long bits = units.word(i); bits != 0; bits &= bits - 1) {
          block[base + Long.numberOfTrailingZeros(bits)] = kept[next++];
        }
      }
      int length = Math.min(UNITS, units.size() - (first << 6));
      floats.put(0, block, 0, length);
      stream.putBytes(bytes, 0, length * Float.BYTES);
    }
  }
}
