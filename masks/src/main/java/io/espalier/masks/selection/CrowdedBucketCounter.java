package io.espalier.masks.selection;

import io.espalier.masks.Mask;

/**
 * Counts scores by the lower half of their float bits where many values share the upper half:
 * branches would be mispredicted, so all candidates are counted, most of them elsewhere.
 */
final class CrowdedBucketCounter {
  private CrowdedBucketCounter() {}

  /** Counts into the tables, which must be clear, and clears them. */
  static Histogram of(float[] scores, Mask candidates, int upper, CounterTables tables) {
    int base = upper << 16;
    if (candidates.kept() < candidates.size()) {
      addSome(scores, candidates, 0, base, tables.first);
      return tables.drainFirst();
    }
    int whole = scores.length & -64;
    addAll(scores, whole, base, tables);
    addSome(scores, candidates, whole >> 6, base, tables.first);
    return tables.drain();
  }

  private static void addAll(float[] scores, int end, int base, CounterTables tables) {
    int[] a = tables.first;
    int[] b = tables.second;
    int[] c = tables.third;
    int[] d = tables.fourth;
    for (int from = 0; from < end; from += 32) {
      add(scores, from, base, a, b, c, d);
    }
  }

  private static void add(float[] scores, int from, int base, int[] a, int[] b, int[] c, int[] d) {
    for (int unit = from; unit < from + 32; unit += 4) {
      a[bucket(scores[unit], base)]++;
      b[bucket(scores[unit + 1], base)]++;
      c[bucket(scores[unit + 2], base)]++;
      d[bucket(scores[unit + 3], base)]++;
    }
  }

  private static void addSome(float[] scores, Mask candidates, int first, int base, int[] table) {
    int end = candidates.wordCount();
    for (int i = first; i < end; i++) {
      int from = i << 6;
      for (long rest = candidates.word(i); rest != 0; rest &= rest - 1) {
        table[bucket(scores[from + Long.numberOfTrailingZeros(rest)], base)]++;
      }
    }
  }

  private static int bucket(float score, int base) {
    int other = Float.floatToRawIntBits(score) ^ base;
    // Another sign counts as another upper half.
    return Math.min((other & Integer.MAX_VALUE) | (other >>> 31 << 16), CounterTables.ELSEWHERE);
  }
}
