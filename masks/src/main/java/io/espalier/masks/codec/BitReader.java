package io.espalier.masks.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads what a {@link BitWriter} wrote; refuses to read past the end. */
final class BitReader {
  private final long[] words;
  private final long end;
  private long position;

  BitReader(byte[] bytes, int from, int to) {
    int length = to - from;
    ByteBuffer buffer =
        ByteBuffer.allocate(((length + 7) >>> 3) * Long.BYTES + Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(bytes, from, length)
            .rewind();
    this.words = new long[buffer.capacity() / Long.BYTES];
    buffer.asLongBuffer().get(words);
    this.end = 8L * length;
  }

  long read(int count) {
    if (count > end - position) {
      throw new DamagedMaskException("mask bytes must not end early: bits=" + end);
    }
    if (count == 0) {
      return 0;
    }
    int index = (int) (position >>> 6);
    int offset = (int) position & 63;
    long value = words[index] >>> offset;
    if (offset + count > 64) {
      value |= words[index + 1] << -offset;
    }
    position += count;
    return value & -1L >>> -count;
  }

  /** Number of zeros before the next one bit, which is consumed. */
  long readUnary() {
    int index = (int) (position >>> 6);
    long rest = words[index] >>> position;
    long next = position + Long.numberOfTrailingZeros(rest);
    while (rest == 0 && ++index < words.length) {
      rest = words[index];
      next = 64L * index + Long.numberOfTrailingZeros(rest);
    }
    if (next >= end) {
      throw new DamagedMaskException("mask bytes must not end early: bits=" + end);
    }
    long zeros = next - position;
    position = next + 1;
    return zeros;
  }

  void requireEnd() {
    if (end - position >= 8 || words[(int) (position >>> 6)] >>> position != 0) {
      throw new DamagedMaskException(
          "mask bytes must end with their last mask: bits=%d, used=%d".formatted(end, position));
    }
  }
}
