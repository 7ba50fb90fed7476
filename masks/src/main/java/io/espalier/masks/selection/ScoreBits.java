package io.espalier.masks.selection;

import io.espalier.masks.Mask;

/** Comparisons of 64 scores of 0 or more at a time, without a branch, the quarters side by side. */
final class ScoreBits {
  /** Share of candidates up to which they are read one by one. */
  private static final double FEW = 0.2;

  private ScoreBits() {}

  static boolean areFew(Mask candidates) {
    return candidates.kept() < FEW * candidates.size();
  }

  /**
   * The scores from {@code base} on whose float bits are above {@code below}, as bits of a word.
   *
   * @param among which of them count
   * @param few whether these are read one by one
   */
  static long above(float[] scores, int base, int below, long among, boolean few) {
    return few || base + Long.SIZE > scores.length
        ? above(scores, base, below, among)
        : above(scores, base, below) & among;
  }

  private static long above(float[] scores, int base, int below) {
    int a = 0;
    int b = 0;
    int c = 0;
    int d = 0;
    for (int unit = base + 15; unit >= base; unit--) {
      a = 2 * a + above(scores[unit], below);
      b = 2 * b + above(scores[unit + 16], below);
      c = 2 * c + above(scores[unit + 32], below);
      d = 2 * d + above(scores[unit + 48], below);
    }
    return Integer.toUnsignedLong(a | b << 16) | (long) (c | d << 16) << 32;
  }

  private static long above(float[] scores, int base, int below, long among) {
    long above = 0;
    for (long rest = among; rest != 0; rest &= rest - 1) {
      int bit = Long.numberOfTrailingZeros(rest);
      above |= (long) above(scores[base + bit], below) << bit;
    }
    return above;
  }

  /** 1 if a score's bits are above {@code below}; the difference of two non-negative ints fits. */
  private static int above(float score, int below) {
    return (below - Float.floatToRawIntBits(score)) >>> 31;
  }
}
