package io.espalier.masks.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A string of bits of known length, the first in the lowest bit of the first byte. */
final class BitWriter {
  private final long[] words;
  private long bits;

  /** Creates an empty string of at most {@code length} bits. */
  BitWriter(long length) {
    words = new long[Math.toIntExact((length >>> 6) + 2)];
  }

  /** Appends the {@code count} lowest bits of {@code value}; its others must be clear. */
  void write(long value, int count) {
    if (count == 0) {
      return;
    }
    int index = (int) (bits >>> 6);
    int offset = (int) bits & 63;
    words[index] |= value << offset;
    if (offset + count > 64) {
      words[index + 1] = value >>> -offset;
    }
    bits += count;
  }

  void writeGap(int zeros, long value, int count) {
    int rest = zeros;
    for (; rest + 1 + count > 63; rest -= 31) {
      write(0, 31);
    }
    write((1L | value << 1) << rest, rest + 1 + count);
  }

  /** Bytes so far; the last one is padded with zeros. */
  byte[] toBytes() {
    ByteBuffer buffer =
        ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asLongBuffer().put(words);
    return Arrays.copyOf(buffer.array(), (int) ((bits + 7) >>> 3));
  }
}
