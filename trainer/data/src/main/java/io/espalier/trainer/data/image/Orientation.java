package io.espalier.trainer.data.image;

/** How stored pixels become the upright image: the values 1 to 8 of Exif. */
enum Orientation {
  UPRIGHT(false, false, false),
  MIRRORED(false, true, false),
  HALF_TURN(false, true, true),
  FLIPPED(false, false, true),
  TRANSPOSED(true, false, false),
  QUARTER_TURN_RIGHT(true, false, true),
  TRANSVERSED(true, true, true),
  QUARTER_TURN_LEFT(true, true, false);

  private final boolean swapsSides;
  private final boolean fromRight;
  private final boolean fromBottom;

  /**
   * @param fromRight whether the stored columns are read from the last one on
   * @param fromBottom whether the stored rows are
   */
  Orientation(boolean swapsSides, boolean fromRight, boolean fromBottom) {
    this.swapsSides = swapsSides;
    this.fromRight = fromRight;
    this.fromBottom = fromBottom;
  }

  /** Values that Exif does not define are upright. */
  static Orientation ofExif(int value) {
    return value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
  }

  boolean swapsSides() {
    return swapsSides;
  }

  /** The upright form of a stored plane {@code [height, width]}. */
  byte[] upright(byte[] stored, int height, int width) {
    int outWidth = swapsSides ? height : width;
    byte[] upright = new byte[stored.length];
    for (int i = 0; i < upright.length; i++) {
      int outX = i % outWidth;
      int outY = i / outWidth;
      int x = swapsSides ? outY : outX;
      int y = swapsSides ? outX : outY;
      int fromX = fromRight ? width - 1 - x : x;
      int fromY = fromBottom ? height - 1 - y : y;
      upright[i] = stored[fromY * width + fromX];
    }
    return upright;
  }
}
