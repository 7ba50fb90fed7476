package io.espalier.masks.selection;

import io.espalier.masks.Mask;

/**
 * Counts a parameter's candidate scores by the upper half of their float bits, which {@link
 * OrderedBits} ranks coarsely. Where most units are candidates all are counted, without a branch:
 * those that are none count as 0 and are taken off again.
 */
final class UpperBitsCounter {
  /** Share of candidates above which all units are counted. */
  private static final double MOST = 0.75;

  /** Words of candidates per call: short calls are compiled sooner and better than long loops. */
  private static final int BLOCK = 64;

  private UpperBitsCounter() {}

  /** Counts into the tables, which must be clear, and clears them. */
  static Histogram of(float[] scores, Mask candidates, CounterTables tables) {
    int whole = scores.length & -64;
    if (candidates.kept() == candidates.size() && !ScoreSample.hasTies(scores)) {
      addAll(scores, whole, tables.first);
      addFew(scores, candidates, whole >> 6, tables.first);
      return tables.drainFirst();
    } else if (candidates.kept() == candidates.size()) {
      addAll(scores, whole, tables);
    } else if (candidates.kept() > MOST * candidates.size()) {
      addMost(scores, candidates, whole, tables);
    } else {
      addFew(scores, candidates, 0, tables.first);
      return tables.drainFirst();
    }
    addFew(scores, candidates, whole >> 6, tables.first);
    return tables.drain();
  }

  private static void addAll(float[] scores, int end, int[] table) {
    for (int from = 0; from < end; from += 32) {
      add(scores, from, table);
    }
  }

  private static void add(float[] scores, int from, int[] table) {
    for (int unit = from; unit < from + 32; unit++) {
      table[upper(scores[unit])]++;
    }
  }

  private static void addAll(float[] scores, int end, CounterTables tables) {
    int[] a = tables.first;
    int[] b = tables.second;
    int[] c = tables.third;
    int[] d = tables.fourth;
    for (int from = 0; from < end; from += 32) {
      add(scores, from, a, b, c, d);
    }
  }

  private static void add(float[] scores, int from, int[] a, int[] b, int[] c, int[] d) {
    for (int unit = from; unit < from + 32; unit += 4) {
      a[upper(scores[unit])]++;
      b[upper(scores[unit + 1])]++;
      c[upper(scores[unit + 2])]++;
      d[upper(scores[unit + 3])]++;
    }
  }

  private static void addMost(float[] scores, Mask candidates, int end, CounterTables tables) {
    int[] a = tables.first;
    int[] b = tables.second;
    int[] c = tables.third;
    int[] d = tables.fourth;
    for (int from = 0; from < end; from += 32) {
      int bits = (int) (candidates.word(from >> 6) >>> from);
      add(scores, from, bits, a, b, c, d);
      a[0] -= 32 - Integer.bitCount(bits);
    }
  }

  private static void add(
      float[] scores, int from, int candidates, int[] a, int[] b, int[] c, int[] d) {
    int rest = candidates;
    for (int unit = from; unit < from + 32; unit += 4) {
      a[upper(scores[unit]) & -(rest & 1)]++;
      b[upper(scores[unit + 1]) & -(rest >>> 1 & 1)]++;
      c[upper(scores[unit + 2]) & -(rest >>> 2 & 1)]++;
      d[upper(scores[unit + 3]) & -(rest >>> 3 & 1)]++;
      rest >>>= 4;
    }
  }

  private static void addFew(float[] scores, Mask candidates, int first, int[] table) {
    for (int word = first; word < candidates.wordCount(); word += BLOCK) {
      int end = Math.min(candidates.wordCount(), word + BLOCK);
      addFew(scores, candidates, word, end, table);
    }
  }

  private static void addFew(float[] scores, Mask candidates, int first, int end, int[] table) {
    for (int i = first; i < end; i++) {
      int from = i << 6;
      for (long rest = candidates.word(i); rest != 0; rest &= rest - 1) {
        table[upper(scores[from + Long.numberOfTrailingZeros(rest)])]++;
      }
    }
  }

  private static int upper(float score) {
    return Float.floatToRawIntBits(score) >>> 16;
  }
}
