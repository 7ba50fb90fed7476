package io.espalier.masks.selection;

import io.espalier.masks.Mask;
import java.util.Arrays;

/**
 * The best candidates in a short range of a parameter, or along an axis of it; of equal ones the
 * later stay.
 */
final class BestOfRange {
  /** So many are compared each with each, without a branch. */
  private static final int FEW = 16;

  private final float[] scores;
  private final Mask candidates;
  private final long[] words;
  private final boolean allAreCandidates;
  private int[] units = new int[FEW];
  private int[] ranks = new int[FEW];

  /** By index of a few: how many are better than it. */
  private final int[] better = new int[FEW];

  /** Marks what stays in {@code words}, the words of a mask. */
  BestOfRange(float[] scores, Mask candidates, long[] words) {
    this.scores = scores;
    this.candidates = candidates;
    this.words = words;
    this.allAreCandidates = candidates.pruned() == 0;
  }

  /** Keeps {@code count} of the candidates from {@code from} to before {@code end}. */
  void keep(int from, int end, int count) {
    keep(from, end - from, 1, count);
  }

  /** Keeps {@code count} of each of some ranges of {@code length}, one behind the other. */
  void keepOfEach(int from, int ranges, int length, int stride, int count) {
    if (length == 4 && stride == 1 && from % 4 == 0 && allAreCandidates) {
      keepOfFours(from, from + 4 * ranges, count);
      return;
    }
    for (int range = 0; range < ranges; range++) {
      keep(from + range * length * stride, length, stride, count);
    }
  }

  /** Keeps {@code count} of the candidates among {@code length} units, {@code stride} apart. */
  void keep(int from, int length, int stride, int count) {
    if (length == 4 && allAreCandidates) {
      keepOfFour(from, stride, count);
      return;
    }
    if (length > units.length) {
      units = new int[length];
      ranks = new int[length];
    }
    int found = 0;
    for (int i = 0, unit = from; i < length; i++, unit += stride) {
      if (candidates.isKept(unit)) {
        ranks[found] = rank(unit);
        units[found++] = unit;
      }
    }
    if (found <= FEW) {
      keepFew(found, count);
    } else {
      keepMany(found, count);
    }
  }

  /** Adding 0 turns −0 into 0. */
  private int rank(int unit) {
    return OrderedBits.rank(Float.floatToRawIntBits(scores[unit] + 0f));
  }

  /** The usual ranges, of patterns like 2:4, a word of the mask at a time. */
  private void keepOfFours(int from, int end, int count) {
    for (int unit = from; unit < end; unit = (unit | 63) + 1) {
      long bits = 0;
      for (int four = Math.min(end, (unit | 63) + 1) - 4; four >= unit; four -= 4) {
        bits = bits << 4 | bestOfFour(four, 1, count);
      }
      words[unit >> 6] |= bits << unit;
    }
  }

  private void keepOfFour(int from, int stride, int count) {
    int best = bestOfFour(from, stride, count);
    for (int i = 0; i < 4; i++) {
      mark(from + i * stride, best >> i & 1);
    }
  }

  /** Four bits, the first unit's lowest, without a loop. */
  private int bestOfFour(int from, int stride, int count) {
    int a = rank(from);
    int b = rank(from + stride);
    int c = rank(from + 2 * stride);
    int d = rank(from + 3 * stride);
    int ab = above(a, b);
    int ac = above(a, c);
    int ad = above(a, d);
    int bc = above(b, c);
    int bd = above(b, d);
    int cd = above(c, d);
    return above(count + ab + ac + ad, 3)
        | above(count + bc + bd, 2 + ab) << 1
        | above(count + cd, 1 + ac + bc) << 2
        | above(count, ad + bd + cd) << 3;
  }

  private static int above(int one, int other) {
    return one > other ? 1 : 0;
  }

  private void keepFew(int found, int count) {
    Arrays.fill(better, 0, found, 0);
    for (int later = 1; later < found; later++) {
      int beaten = 0;
      for (int earlier = 0; earlier < later; earlier++) {
        int isAbove = above(ranks[earlier], ranks[later]);
        beaten += isAbove;
        better[earlier] += 1 - isAbove;
      }
      better[later] = beaten;
    }
    for (int i = 0; i < found; i++) {
      mark(units[i], above(count, better[i]));
    }
  }

  private void keepMany(int found, int count) {
    long[] sorted = new long[found];
    for (int i = 0; i < found; i++) {
      sorted[i] = ((long) ranks[i] << Integer.SIZE) | units[i];
    }
    Arrays.sort(sorted);
    for (int i = Math.max(0, found - count); i < found; i++) {
      mark((int) sorted[i], 1);
    }
  }

  private void mark(int unit, long bit) {
    words[unit >> 6] |= bit << unit;
  }
}
