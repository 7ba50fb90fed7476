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

  /** How many are better than one of a few. */
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

  /** The usual range, of patterns like 2:4, without a loop. */
  private void keepOfFour(int a, int stride, int count) {
    int b = a + stride;
    int c = b + stride;
    int d = c + stride;
    int rankA = rank(a);
    int rankB = rank(b);
    int rankC = rank(c);
    int rankD = rank(d);
    int ab = above(rankA, rankB);
    int ac = above(rankA, rankC);
    int ad = above(rankA, rankD);
    int bc = above(rankB, rankC);
    int bd = above(rankB, rankD);
    int cd = above(rankC, rankD);
    mark(a, above(count + ab + ac + ad, 3));
    mark(b, above(count + bc + bd, 2 + ab));
    mark(c, above(count + cd, 1 + ac + bc));
    mark(d, above(count, ad + bd + cd));
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
