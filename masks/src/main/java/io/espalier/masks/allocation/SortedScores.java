package io.espalier.masks.allocation;

import io.espalier.masks.Mask;
import java.util.Arrays;

/** The scores of a parameter's candidates in order. Immutable. */
final class SortedScores {
  /** Bits of a digit; three digits are a float's bits and one more. */
  private static final int DIGIT_BITS = 11;

  private static final int DIGIT = 1 << DIGIT_BITS;

  /** Where the library's sort is as fast. */
  private static final int FEW = 2048;

  private final float[] ascending;

  private SortedScores(float[] ascending) {
    this.ascending = ascending;
  }

  /** Sorts finite scores. */
  static SortedScores of(float[] scores, Mask candidates) {
    int[] ranks = new int[candidates.kept()];
    int found = 0;
    for (int unit = candidates.nextKept(0); unit >= 0; unit = candidates.nextKept(unit + 1)) {
      ranks[found++] = bits(Float.floatToRawIntBits(scores[unit]));
    }
    int[] sorted = sorted(ranks);
    float[] ascending = new float[sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      ascending[i] = Float.intBitsToFloat(bits(sorted[i]));
    }
    return new SortedScores(ascending);
  }

  /** From a float's bits to an integer of the same order, and back. */
  private static int bits(int bits) {
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }

  private static int[] sorted(int[] ranks) {
    if (ranks.length < FEW) {
      Arrays.sort(ranks);
      return ranks;
    }
    int[] from = ranks;
    int[] to = new int[ranks.length];
    for (int shift = 0; shift < Integer.SIZE; shift += DIGIT_BITS) {
      deal(from, to, shift);
      int[] dealt = to;
      to = from;
      from = dealt;
    }
    return from;
  }

  /** Orders by one digit, and what has the same as it was. */
  private static void deal(int[] from, int[] to, int shift) {
    int[] next = new int[DIGIT + 1];
    for (int rank : from) {
      next[digit(rank, shift) + 1]++;
    }
    for (int digit = 1; digit < next.length; digit++) {
      next[digit] += next[digit - 1];
    }
    for (int rank : from) {
      to[next[digit(rank, shift)]++] = rank;
    }
  }

  /** A digit of the ranks counted from the lowest one, so that the sign counts like any bit. */
  private static int digit(int rank, int shift) {
    return ((rank ^ Integer.MIN_VALUE) >>> shift) & (DIGIT - 1);
  }

  int size() {
    return ascending.length;
  }

  /** The score of a rank from 1, the best one's. */
  float at(int rank) {
    return ascending[ascending.length - rank];
  }

  /** Returns how many scores are above a threshold. */
  int above(double threshold) {
    int low = 0;
    int high = ascending.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending[middle] > threshold) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return ascending.length - low;
  }
}
