package io.espalier.masks.selection;

import io.espalier.masks.Mask;

/**
 * Counts scores by the lower half of their float bits where many of different value share the upper
 * half: a branch would be guessed wrong too often, so all units are counted, most of them
 * elsewhere.
 */
final class CrowdedTally {
  private CrowdedTally() {}

  /** Counts into the tables, which must be clear, and clears them. */
  static Histogram of(float[] scores, Mask candidates, int upper, Tables tables) {
    int base = upper << 16;
    int[] a = tables.first;
    int[] b = tables.second;
    int[] c = tables.third;
    int[] d = tables.fourth;
    int whole = scores.length & -32;
    for (int from = 0; from < whole; from += 32) {
      add(scores, from, (int) (candidates.word(from >> 6) >>> from), base, a, b, c, d);
    }
    for (int unit = whole; unit < scores.length; unit++) {
      a[bucket(scores[unit], base, candidates.isKept(unit) ? 1 : 0)]++;
    }
    return tables.drain();
  }

  private static void add(
      float[] scores, int from, int candidates, int base, int[] a, int[] b, int[] c, int[] d) {
    int rest = candidates;
    for (int unit = from; unit < from + 32; unit += 4) {
      a[bucket(scores[unit], base, rest & 1)]++;
      b[bucket(scores[unit + 1], base, rest >>> 1 & 1)]++;
      c[bucket(scores[unit + 2], base, rest >>> 2 & 1)]++;
      d[bucket(scores[unit + 3], base, rest >>> 3 & 1)]++;
      rest >>>= 4;
    }
  }

  /** The lower half where the upper one is that of {@code base} and the unit is a candidate. */
  private static int bucket(float score, int base, int candidate) {
    int difference = (Float.floatToRawIntBits(score) ^ base) | (candidate - 1);
    return Math.min(difference & Integer.MAX_VALUE, Tables.ELSEWHERE);
  }
}
