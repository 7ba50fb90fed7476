package io.espalier.masks.selection;

import io.espalier.masks.Mask;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Counts of a parameter's candidate scores, and sums of their squares, by the upper half of their
 * float bits. Scores below 0 count as 0. Immutable.
 */
final class SquareSums {
  private static final int BUCKETS = 1 << 15;
  private static final int INFINITE = 0x7f80;

  /** More than shares are off that are rounded to floats. */
  private static final double ROUNDING = 1e-6;

  /** Buckets that are not empty, ascending. */
  private final int[] buckets;

  /** Candidates in a bucket and those above it. */
  private final int[] reaching;

  /** Squares in the buckets above a bucket, added up from the highest on. */
  private final double[] above;

  private final double total;

  private final boolean signed;

  private SquareSums(int[] counts, double[] squares, boolean signed) {
    this.signed = signed;
    int present = 0;
    for (int count : counts) {
      present += count > 0 ? 1 : 0;
    }
    buckets = new int[present];
    reaching = new int[present];
    above = new double[present];
    int candidates = 0;
    double sum = 0;
    for (int bucket = BUCKETS - 1; bucket >= 0; bucket--) {
      if (counts[bucket] > 0) {
        candidates += counts[bucket];
        buckets[--present] = bucket;
        reaching[present] = candidates;
        above[present] = sum;
        sum += squares[bucket];
      }
    }
    total = sum;
  }

  /**
   * Sums up.
   *
   * @throws NonFiniteScoresException if a candidate's score is infinite or not a number
   */
  static SquareSums of(float[] scores, Mask candidates) {
    int[] counts = new int[BUCKETS];
    double[] squares = new double[BUCKETS];
    int bits = 0;
    for (int word = 0; word < candidates.wordCount(); word++) {
      bits |= add(scores, word << 6, candidates.word(word), counts, squares);
    }
    for (int bucket = INFINITE; bucket < BUCKETS; bucket++) {
      if (counts[bucket] > 0) {
        throw new NonFiniteScoresException(counts[bucket]);
      }
    }
    return new SquareSums(counts, squares, bits < 0);
  }

  /** Returns the bits that are set in any of the scores. */
  private static int add(
      float[] scores, int base, long candidates, int[] counts, double[] squares) {
    int bits = 0;
    if (candidates == -1) {
      for (int unit = base; unit < base + Long.SIZE; unit++) {
        bits |= add(scores[unit], counts, squares);
      }
      return bits;
    }
    for (long rest = candidates; rest != 0; rest &= rest - 1) {
      bits |= add(scores[base + Long.numberOfTrailingZeros(rest)], counts, squares);
    }
    return bits;
  }

  private static int add(float score, int[] counts, double[] squares) {
    int raw = Float.floatToRawIntBits(score);
    int bits = score < 0 ? 0 : raw & Integer.MAX_VALUE;
    float positive = Float.intBitsToFloat(bits);
    counts[bits >>> 16]++;
    squares[bits >>> 16] += (double) positive * positive;
    return raw;
  }

  /** Whether a score has a sign, be it that of −0. */
  boolean isSigned() {
    return signed;
  }

  /** The counts, which are those of the scores as they are; empty if one has a sign. */
  Optional<Histogram> unsigned() {
    if (signed) {
      return Optional.empty();
    }
    int[] counts = new int[size()];
    for (int place = 0; place < counts.length; place++) {
      counts[place] = reaching(place) - reaching(place + 1);
    }
    return Optional.of(new Histogram(buckets, counts));
  }

  int size() {
    return buckets.length;
  }

  int bucket(int place) {
    return buckets[place];
  }

  /** Candidates of the buckets from a place on; 0 at {@link #size}. */
  int reaching(int place) {
    return place == size() ? 0 : reaching[place];
  }

  /** Squares of the buckets behind a place. */
  double above(int place) {
    return above[place];
  }

  /**
   * Places whose shares are all above {@code share} begin here. Bounds are rounded as shares are: a
   * share that a float does not have is 0.
   */
  int firstAbove(float share) {
    return first(place -> (float) least(place) > share);
  }

  /** Places of which a share may be {@code share} or above begin here. */
  int firstReaching(float share) {
    return first(place -> (float) most(place) >= share);
  }

  /** A bound of the shares of a bucket; the last one's largest is 1. */
  private double most(int place) {
    double largest = Float.intBitsToFloat((buckets[place] << 16) | 0xffff);
    double square = largest * largest;
    return square / (above[place] + square) * (1 + ROUNDING);
  }

  private double least(int place) {
    double smallest = Float.intBitsToFloat(buckets[place] << 16);
    double sum = place == 0 ? total : above[place - 1];
    return sum > 0 ? smallest * smallest / sum * (1 - ROUNDING) : 0;
  }

  /** The first place at which something holds that goes on to hold. */
  private int first(IntPredicate holds) {
    int low = 0;
    int high = size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (holds.test(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
