package io.espalier.trainer.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Writes rows of bytes with examples innermost, in blocks of eight by eight. */
final class ByteTransposition {
  private static final int BLOCK = Long.BYTES;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long QUARTERS = 0x0000ffff0000ffffL;
  private static final long EIGHTHS = 0x00ff00ff00ff00ffL;

  private final byte[] values;
  private final int rowLength;

  ByteTransposition(byte[] values, int rowLength) {
    this.values = values;
    this.rowLength = rowLength;
  }

  /** Value {@code x} of row {@code rows[from + e]} goes to {@code target[x * stride + e]}. */
  void write(int[] rows, int from, int count, byte[] target, int stride) {
    int wholeRows = count - count % BLOCK;
    int wholeValues = rowLength - rowLength % BLOCK;
    for (int e = 0; e < wholeRows; e += BLOCK) {
      blocks(rows, from + e, wholeValues, target, e, stride);
    }
    for (int e = 0; e < count; e++) {
      int at = rows[from + e] * rowLength;
      for (int x = e < wholeRows ? wholeValues : 0; x < rowLength; x++) {
        target[x * stride + e] = values[at + x];
      }
    }
  }

  /** Swaps halves of eight rows that lie four apart, then quarters two apart, then eighths. */
  private void blocks(int[] rows, int row, int length, byte[] target, int to, int stride) {
    int firstAt = rows[row] * rowLength;
    int secondAt = rows[row + 1] * rowLength;
    int thirdAt = rows[row + 2] * rowLength;
    int fourthAt = rows[row + 3] * rowLength;
    int fifthAt = rows[row + 4] * rowLength;
    int sixthAt = rows[row + 5] * rowLength;
    int seventhAt = rows[row + 6] * rowLength;
    int eighthAt = rows[row + 7] * rowLength;
    for (int x = 0; x < length; x += BLOCK) {
      long a = (long) LONG.get(values, firstAt + x);
      long b = (long) LONG.get(values, secondAt + x);
      long c = (long) LONG.get(values, thirdAt + x);
      long d = (long) LONG.get(values, fourthAt + x);
      long e = (long) LONG.get(values, fifthAt + x);
      long f = (long) LONG.get(values, sixthAt + x);
      long g = (long) LONG.get(values, seventhAt + x);
      long h = (long) LONG.get(values, eighthAt + x);
      long swap = (a >>> 32) ^ (e & 0xffffffffL);
      a ^= swap << 32;
      e ^= swap;
      swap = (b >>> 32) ^ (f & 0xffffffffL);
      b ^= swap << 32;
      f ^= swap;
      swap = (c >>> 32) ^ (g & 0xffffffffL);
      c ^= swap << 32;
      g ^= swap;
      swap = (d >>> 32) ^ (h & 0xffffffffL);
      d ^= swap << 32;
      h ^= swap;
      swap = ((a >>> 16) ^ c) & QUARTERS;
      a ^= swap << 16;
      c ^= swap;
      swap = ((b >>> 16) ^ d) & QUARTERS;
      b ^= swap << 16;
      d ^= swap;
      swap = ((e >>> 16) ^ g) & QUARTERS;
      e ^= swap << 16;
      g ^= swap;
      swap = ((f >>> 16) ^ h) & QUARTERS;
      f ^= swap << 16;
      h ^= swap;
      swap = ((a >>> 8) ^ b) & EIGHTHS;
      int at = x * stride + to;
      LONG.set(target, at, a ^ (swap << 8));
      LONG.set(target, at + stride, b ^ swap);
      swap = ((c >>> 8) ^ d) & EIGHTHS;
      LONG.set(target, at + 2 * stride, c ^ (swap << 8));
      LONG.set(target, at + 3 * stride, d ^ swap);
      swap = ((e >>> 8) ^ f) & EIGHTHS;
      LONG.set(target, at + 4 * stride, e ^ (swap << 8));
      LONG.set(target, at + 5 * stride, f ^ swap);
      swap = ((g >>> 8) ^ h) & EIGHTHS;
      LONG.set(target, at + 6 * stride, g ^ (swap << 8));
      LONG.set(target, at + 7 * stride, h ^ swap);
    }
  }
}
