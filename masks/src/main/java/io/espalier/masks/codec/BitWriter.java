package io.espalier.masks.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing string of bits, the first in the lowest bit of the first byte. */
final class BitWriter {
  private long[] words = new long[16];
  private long bits;

  /** Appends the {@code count} lowest bits of {@code value}; its others must be clear. */
  void write(long value, int count) {
    if (count == 0) {
      return;
    }
    int index = (int) (bits >>> 6);
    if (index + 2 > words.length) {
      words = Arrays.copyOf(words, words.length * 2);
    }
    int offset = (int) bits & 63;
    words[index] |= value << offset;
    if (offset + count > 64) {
      words[index + 1] = value >>> -offset;
    }
    bits += count;
  }

  /** Appends {@code value} zeros and a one. */
  void writeUnary(int value) {
    int rest = value;
    for (; rest >= 63; rest -= 63) {
      write(0, 63);
    }
    write(1L << rest, rest + 1);
  }

  /** Bytes so far; the last one is filled up with zeros. */
  byte[] toBytes() {
    ByteBuffer buffer =
        ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asLongBuffer().put(words);
    return Arrays.copyOf(buffer.array(), (int) ((bits + 7) >>> 3));
  }
}
