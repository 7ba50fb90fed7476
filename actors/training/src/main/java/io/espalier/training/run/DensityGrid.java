package io.espalier.training.run;

import java.util.Base64;

/**
 * A picture of at most {@link #MOST_CELLS} cells, each a byte proportional to the kept share of its
 * units: 0 exactly where nothing is kept, 255 at {@link #full}, the largest share. Immutable.
 */
final class DensityGrid {
  /** With this many cells the picture is at most 4096 characters long. */
  static final int MOST_CELLS = 3072;

  private static final int WHITE = 255;

  private final int rows;
  private final int columns;
  private final double full;
  private final byte[] cells;

  private DensityGrid(int rows, int columns, double full, byte[] cells) {
    this.rows = rows;
    this.columns = columns;
    this.full = full;
    this.cells = cells;
  }

  /**
   * A row-major grid of kept and all units per cell; {@code columns} divides the number of cells.
   */
  static DensityGrid of(int columns, long[] kept, long[] units) {
    if (kept.length > MOST_CELLS || kept.length != units.length || kept.length % columns != 0) {
      throw new IllegalArgumentException(
          "a grid must have whole rows and at most %d cells: columns=%d, kept=%d, units=%d"
              .formatted(MOST_CELLS, columns, kept.length, units.length));
    }
    double full = 0;
    double[] shares = new double[kept.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = share(kept[i], units[i]);
      full = Math.max(full, shares[i]);
    }
    byte[] cells = new byte[shares.length];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = (byte) shade(shares[i], full);
    }
    return new DensityGrid(kept.length / columns, columns, full, cells);
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  /** The kept share that 255 stands for, from 0 to 1. */
  double full() {
    return full;
  }

  int cell(int row, int column) {
    return Byte.toUnsignedInt(cells[row * columns + column]);
  }

  /** One byte per cell, row-major, in Base64. */
  String base64() {
    return Base64.getEncoder().encodeToString(cells);
  }

  private static double share(long kept, long units) {
    return units == 0 ? 0 : (double) kept / units;
  }

  private static long shade(double share, double full) {
    return share == 0 ? 0 : Math.max(1, Math.round(WHITE * share / full));
  }
}
