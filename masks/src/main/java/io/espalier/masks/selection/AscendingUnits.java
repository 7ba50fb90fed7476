package io.espalier.masks.selection;

import io.espalier.masks.Mask;
import java.util.Arrays;

/**
 * The candidates of a parameter in ascending order of score, of equal ones the first first: each
 * the float bits of its score above its index. One pass deals them out by the upper bits, so that
 * two more by the lower ones find each share in the cache. Scores below 0 count as 0.
 */
final class AscendingUnits {
  /** Bits of floats from 0 on, without the sign: 11 in the first pass, 10 in each of the others. */
  private static final int UPPER_SHIFT = 20;

  private static final int UPPER = 1 << 11;
  private static final int DIGIT_BITS = 10;
  private static final int DIGIT = 1 << DIGIT_BITS;

  /** Where the library's sort is as fast. */
  private static final int FEW = 512;

  private final long[] units;
  private final int[] ends = new int[UPPER];
  private long[] beside = new long[0];

  private AscendingUnits(int count) {
    this.units = new long[count];
  }

  /** Reads all scores before it returns. */
  static long[] of(float[] scores, Mask candidates) {
    AscendingUnits order = new AscendingUnits(candidates.kept());
    order.deal(scores, candidates);
    for (int upper = 0, from = 0; upper < UPPER; from = order.ends[upper++]) {
      order.sort(from, order.ends[upper]);
    }
    return order.units;
  }

  private void deal(float[] scores, Mask candidates) {
    for (int word = 0; word < candidates.wordCount(); word++) {
      for (long rest = candidates.word(word); rest != 0; rest &= rest - 1) {
        ends[bits(scores[(word << 6) + Long.numberOfTrailingZeros(rest)]) >>> UPPER_SHIFT]++;
      }
    }
    int next = 0;
    for (int upper = 0; upper < UPPER; upper++) {
      int count = ends[upper];
      ends[upper] = next;
      next += count;
    }
    for (int word = 0; word < candidates.wordCount(); word++) {
      for (long rest = candidates.word(word); rest != 0; rest &= rest - 1) {
        int unit = (word << 6) + Long.numberOfTrailingZeros(rest);
        int bits = bits(scores[unit]);
        units[ends[bits >>> UPPER_SHIFT]++] = ((long) bits << Integer.SIZE) | unit;
      }
    }
  }

  private static int bits(float score) {
    return Float.floatToRawIntBits(Math.max(0f, score));
  }

  private void sort(int from, int end) {
    if (end - from < FEW) {
      Arrays.sort(units, from, end);
      return;
    }
    int[] low = new int[DIGIT];
    int[] high = new int[DIGIT];
    for (int i = from; i < end; i++) {
      low[digit(units[i], 0)]++;
      high[digit(units[i], 1)]++;
    }
    if (beside.length < end - from) {
      beside = new long[end - from];
    }
    starts(low, 0);
    for (int i = from; i < end; i++) {
      beside[low[digit(units[i], 0)]++] = units[i];
    }
    starts(high, from);
    for (int i = 0; i < end - from; i++) {
      units[high[digit(beside[i], 1)]++] = beside[i];
    }
  }

  private static int digit(long unit, int place) {
    return (int) (unit >>> (Integer.SIZE + place * DIGIT_BITS)) & (DIGIT - 1);
  }

  private static void starts(int[] counts, int first) {
    int next = first;
    for (int digit = 0; digit < counts.length; digit++) {
      int count = counts[digit];
      counts[digit] = next;
      next += count;
    }
  }
}
