package io.espalier.trainer.data;

/**
 * Writes rows of bytes with examples innermost. A table holds the normalised value of each byte, to
 * the bits of {@link Normalization#apply}; eight rows are read side by side.
 */
final class ByteTransposition {
  private static final int LEVELS = 1 << Byte.SIZE;
  private static final int SIDE_BY_SIDE = 8;

  private final byte[] values;
  private final int rowLength;
  private final Normalization normalization;
  private final int groupLength;

  ByteTransposition(byte[] values, int rowLength, Normalization normalization) {
    this.values = values;
    this.rowLength = rowLength;
    this.normalization = normalization;
    groupLength = rowLength / normalization.groups();
  }

  /** Returns false, with nothing written, if the tables would be larger than the batch. */
  boolean write(int[] rows, int from, int count, RowTarget target) {
    int length = Math.min(target.width(), groupLength);
    if (LEVELS > (long) groupLength * count
        || target.width() % length != 0
        || groupLength % length != 0) {
      return false;
    }
    float[] levels = levels();
    for (int first = 0; first < rowLength; first += length) {
      int table = first / groupLength * LEVELS;
      int to = target.at(first);
      int i = 0;
      for (; i <= count - SIDE_BY_SIDE; i += SIDE_BY_SIDE) {
        eight(
            rows, from + i, first, length, levels, table, target.values(), to + i, target.stride());
      }
      for (; i < count; i++) {
        int at = rows[from + i] * rowLength + first;
        for (int x = 0; x < length; x++) {
          target.values()[to + i + x * target.stride()] = levels[table + (values[at + x] & 0xff)];
        }
      }
    }
    return true;
  }

  private float[] levels() {
    float[] levels = new float[normalization.groups() * LEVELS];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = i % LEVELS;
    }
    normalization.apply(levels, levels.length, 1);
    return levels;
  }

  private void eight(
      int[] rows,
      int row,
      int first,
      int length,
      float[] levels,
      int table,
      float[] target,
      int to,
      int stride) {
    int a = rows[row] * rowLength + first;
    int b = rows[row + 1] * rowLength + first;
    int c = rows[row + 2] * rowLength + first;
    int d = rows[row + 3] * rowLength + first;
    int e = rows[row + 4] * rowLength + first;
    int f = rows[row + 5] * rowLength + first;
    int g = rows[row + 6] * rowLength + first;
    int h = rows[row + 7] * rowLength + first;
    int at = to;
    for (int x = 0; x < length; x++) {
      target[at] = levels[table + (values[a + x] & 0xff)];
      target[at + 1] = levels[table + (values[b + x] & 0xff)];
      target[at + 2] = levels[table + (values[c + x] & 0xff)];
      target[at + 3] = levels[table + (values[d + x] & 0xff)];
      target[at + 4] = levels[table + (values[e + x] & 0xff)];
      target[at + 5] = levels[table + (values[f + x] & 0xff)];
      target[at + 6] = levels[table + (values[g + x] & 0xff)];
      target[at + 7] = levels[table + (values[h + x] & 0xff)];
      at += stride;
    }
  }
}
