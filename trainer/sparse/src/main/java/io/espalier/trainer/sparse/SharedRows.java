package io.espalier.trainer.sparse;

import java.util.Arrays;

/**
 * Rows of weights that read the same inputs: all rows of a dense layer, those of blocks along
 * outputs, and those of layers whose inputs or outputs are pruned whole. Sums of {@link #ROWS} of
 * them are computed side by side.
 */
final class SharedRows {
  /** Rows that are computed side by side. */
  static final int ROWS = 4;

  /** Weights of a row below which tiles of {@link Kernels#gather} take longer than they save. */
  static final int TO_GATHER = 24;

  /** Weights of a row below which tiles of {@link Kernels#dots} take longer than they save. */
  static final int TO_SUM = 8;

  private final int[] bounds;
  private final boolean[] uniform;

  private SharedRows(int[] bounds, boolean[] uniform) {
    this.bounds = bounds;
    this.uniform = uniform;
  }

  /**
   * @param starts where each row starts, and the last ends
   * @param offsets the input of each weight
   * @param least weights of a row that is in a tile
   */
  static SharedRows of(int[] starts, int[] offsets, int least) {
    int rows = starts.length - 1;
    int[] bounds = new int[rows + 2];
    boolean[] uniform = new boolean[rows + 2];
    int count = 0;
    int row = 0;
    while (row < rows) {
      while (row < rows && !isShared(starts, offsets, row, least)) {
        row++;
      }
      bounds[count++] = row;
      int first = row;
      uniform[count] = true;
      while (row < rows && isShared(starts, offsets, row, least)) {
        uniform[count] &= isEqual(starts, offsets, first, row);
        row += ROWS;
      }
      bounds[count++] = row;
    }
    return new SharedRows(Arrays.copyOf(bounds, count), uniform);
  }

  /** Whether a row and those behind it make up a tile. */
  private static boolean isShared(int[] starts, int[] offsets, int row, int least) {
    if (row + ROWS >= starts.length || starts[row + 1] - starts[row] < least) {
      return false;
    }
    for (int i = row + 1; i < row + ROWS; i++) {
      if (!isEqual(starts, offsets, row, i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isEqual(int[] starts, int[] offsets, int row, int other) {
    return Arrays.equals(
        offsets, starts[row], starts[row + 1], offsets, starts[other], starts[other + 1]);
  }

  /**
   * Rows at which single ones end, then those of tiles, then single ones again, and so on; the last
   * bound is the count of rows. Not to be changed.
   */
  int[] bounds() {
    return bounds;
  }

  /** Whether the tiles that end with a bound all read the same inputs. */
  boolean isUniform(int bound) {
    return uniform[bound];
  }

  /** Counts the weights of rows in tiles. */
  int tiled(int[] starts) {
    int count = 0;
    for (int i = 1; i < bounds.length; i += 2) {
      count += starts[bounds[i]] - starts[bounds[i - 1]];
    }
    return count;
  }

  /**
   * Divides rows into {@code parts} of about as many weights each, without cutting tiles. Returns
   * the row at which each part starts, and the count of rows.
   */
  int[] cuts(int[] starts, int parts) {
    int rows = starts.length - 1;
    int[] cuts = new int[parts + 1];
    for (int part = 1; part <= parts; part++) {
      long weights = (long) starts[rows] * part / parts;
      int row = cuts[part - 1];
      while (row < rows && (part == parts || starts[row] < weights)) {
        row += isTiled(row) ? ROWS : 1;
      }
      cuts[part] = row;
    }
    return cuts;
  }

  private boolean isTiled(int row) {
    int i = 0;
    while (bounds[i] <= row) {
      i++;
    }
    return i % 2 == 1;
  }

  /** Whether all rows are in tiles. */
  boolean areAll() {
    return bounds.length == 2 && bounds[0] == 0;
  }
}
