package io.espalier.trainer.sparse;

/**
 * The shape of one example between layers; a vector has height and width 1, a sequence height 1 and
 * as many columns as positions.
 */
public record SparseShape(int channels, int height, int width) {
  public SparseShape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "a shape must have lengths of 1 or more: channels=%d, height=%d, width=%d"
              .formatted(channels, height, width));
    }
    if ((double) channels * height * width > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a shape must have at most 2147483647 values: channels=%d, height=%d, width=%d"
              .formatted(channels, height, width));
    }
  }

  public static SparseShape vector(int features) {
    return new SparseShape(features, 1, 1);
  }

  public static SparseShape sequence(int features, int positions) {
    return new SparseShape(features, 1, positions);
  }

  public int size() {
    return channels * height * width;
  }

  boolean isVector() {
    return height == 1 && width == 1;
  }

  /** Whether it is a sequence, of one position if it is a vector. */
  boolean isSequence() {
    return height == 1;
  }

  SparseShape requireSequence() {
    if (!isSequence()) {
      throw new IllegalArgumentException("a sequence must have a height of 1: input=" + this);
    }
    return this;
  }

  SparseShape requireHeads(int headSize) {
    if (requireSequence().channels % headSize != 0) {
      throw new IllegalArgumentException(
          "features must be those of whole heads: headSize=%d, input=%s".formatted(headSize, this));
    }
    return this;
  }

  /** Requires the numbers of a text's tokens, and returns how many positions it has. */
  int requireTokens() {
    if (requireSequence().channels != 1) {
      throw new IllegalArgumentException("tokens must be one number per position: input=" + this);
    }
    return width;
  }

  void requireMaskOf(SparseShape sequence) {
    if (requireTokens() != sequence.width) {
      throw new IllegalArgumentException(
          "a mask must have the positions of its sequence: mask=%s, sequence=%s"
              .formatted(this, sequence));
    }
  }

  SparseShape slide(int outputs, int kernel, int stride, int padding) {
    return new SparseShape(
        outputs,
        positions(height, kernel, stride, padding),
        positions(width, kernel, stride, padding));
  }

  private int positions(int length, int kernel, int stride, int padding) {
    long room = length + 2L * padding - kernel;
    if (room < 0) {
      throw new IllegalArgumentException(
          "a %d×%d window must fit the input: input=%s, padding=%d"
              .formatted(kernel, kernel, this, padding));
    }
    return (int) (room / stride) + 1;
  }
}
