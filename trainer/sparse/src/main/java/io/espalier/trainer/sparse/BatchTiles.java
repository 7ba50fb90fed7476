package io.espalier.trainer.sparse;

/** The size of a batch, and how sums over its examples are cut into tiles. Mutable. */
final class BatchTiles {
  /** Examples of one tile: part of the format, as bits depend on it. */
  static final int TILE = 128;

  private int examples;
  private int size;

  /** Sets the size; rounds it up to a multiple of 16, except for a single example without sums. */
  void resize(int examples, boolean sums) {
    this.examples = examples;
    size = examples == 1 && !sums ? 1 : padded(examples);
  }

  static int padded(int examples) {
    return (examples + Kernels.PARTIALS - 1) / Kernels.PARTIALS * Kernels.PARTIALS;
  }

  int examples() {
    return examples;
  }

  /** Examples with those that fill it up. */
  int size() {
    return size;
  }

  int padding() {
    return size - examples;
  }

  int tiles() {
    return (size + TILE - 1) / TILE;
  }

  int start(int tile) {
    return tile * TILE;
  }

  /** Whether rows of an image are one run of values within a tile. */
  boolean isOneTile() {
    return size <= TILE;
  }

  int segments(int width) {
    return isOneTile() ? 1 : width;
  }

  int length(int width, int tile) {
    return isOneTile() ? width * size : Math.min(TILE, size - start(tile));
  }
}
