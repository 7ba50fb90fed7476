package io.espalier.masks.selection;

import io.espalier.masks.Mask;
import java.util.Arrays;

/**
 * The best candidates in a short range of a parameter, or along an axis of it; of equal ones the
 * later stay.
 */
final class BestOfRange {
  private final float[] scores;
  private final Mask candidates;
  private final long[] words;

  /** Marks what stays in {@code words}, the words of a mask. */
  BestOfRange(float[] scores, Mask candidates, long[] words) {
    this.scores = scores;
    this.candidates = candidates;
    this.words = words;
  }

  /** Keeps {@code count} of the candidates from {@code from} to before {@code end}. */
  void keep(int from, int end, int count) {
    keep(from, end - from, 1, count);
  }

  /** Keeps {@code count} of the candidates among {@code length} units, {@code stride} apart. */
  void keep(int from, int length, int stride, int count) {
    long[] ranked = new long[length];
    int found = 0;
    for (int i = 0, unit = from; i < length; i++, unit += stride) {
      if (candidates.isKept(unit)) {
        // Adding 0 turns −0 into 0.
        int rank = OrderedBits.rank(Float.floatToRawIntBits(scores[unit] + 0f));
        ranked[found++] = ((long) rank << Integer.SIZE) | unit;
      }
    }
    Arrays.sort(ranked, 0, found);
    for (int i = Math.max(0, found - count); i < found; i++) {
      int unit = (int) ranked[i];
      words[unit >> 6] |= 1L << unit;
    }
  }
}
