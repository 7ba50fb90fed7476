package io.espalier.masks.selection;

import io.espalier.masks.Mask;
import java.util.Arrays;

/**
 * A parameter's candidates by two scores of 0 or more: those above both, as the words of a mask,
 * and those between, with their scores: what a choice still needs of scores that are not read
 * again.
 */
final class SplitUnits {
  /** Units of a word below which they are read one by one. */
  private static final int SOME = 16;

  private final long[] above;
  private final int aboveCount;
  private final int[] between;
  private final int[] bits;

  private SplitUnits(long[] above, int aboveCount, int[] between, int[] bits) {
    this.above = above;
    this.aboveCount = aboveCount;
    this.between = between;
    this.bits = bits;
  }

  /**
   * Splits scores of which no candidate's has a sign.
   *
   * @param low the float bits of the least score between
   * @param high those of the largest
   * @param expected how many are between
   */
  static SplitUnits of(float[] scores, Mask candidates, int low, int high, int expected) {
    long[] above = new long[candidates.wordCount()];
    int[] between = new int[expected];
    int[] bits = new int[expected];
    int found = 0;
    int count = 0;
    boolean few = ScoreBits.areFew(candidates);
    for (int word = 0; word < above.length; word++) {
      int base = word << 6;
      long among = candidates.word(word);
      long reaching = ScoreBits.above(scores, base, low - 1, among, few);
      above[word] =
          ScoreBits.above(scores, base, high, reaching, few || Long.bitCount(reaching) < SOME);
      count += Long.bitCount(above[word]);
      for (long rest = reaching & ~above[word]; rest != 0; rest &= rest - 1) {
        int unit = base + Long.numberOfTrailingZeros(rest);
        between[found] = unit;
        bits[found++] = Float.floatToRawIntBits(scores[unit]);
      }
    }
    return new SplitUnits(above, count, between, bits);
  }

  /** The scores between, ascending. */
  float[] sortedScores() {
    int[] sorted = bits.clone();
    Arrays.sort(sorted);
    float[] scores = new float[sorted.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Float.intBitsToFloat(sorted[i]);
    }
    return scores;
  }

  /** Counts of those between by the lower half of their float bits, into clear tables. */
  Histogram lowerBits(CounterTables tables) {
    for (int each : bits) {
      tables.first[each & 0xffff]++;
    }
    return tables.drainFirst();
  }

  int between() {
    return between.length;
  }

  /** Whether the best {@code count} candidates are those above and some of those between. */
  boolean decides(int count) {
    return count >= aboveCount && count - aboveCount <= between.length;
  }

  /**
   * The mask of the units above, and of those between that reach {@code threshold} but for the
   * first {@code toDrop} that are equal to it. To be called once: its words become the mask's.
   */
  Mask keep(int size, int threshold, int toDrop) {
    int left = toDrop;
    for (int i = 0; i < between.length; i++) {
      boolean isTie = bits[i] == threshold;
      if (isTie && left > 0) {
        left--;
      } else if (bits[i] >= threshold) {
        above[between[i] >> 6] |= 1L << between[i];
      }
    }
    return Mask.ofWords(size, above);
  }
}
