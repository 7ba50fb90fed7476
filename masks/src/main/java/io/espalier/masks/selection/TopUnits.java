package io.espalier.masks.selection;

import io.espalier.masks.Mask;

/**
 * The best units of one parameter as a mask: scores above a threshold, and those equal to it except
 * the first few. A word is built without a branch, its quarters side by side.
 */
final class TopUnits {
  /** Share of candidates up to which they are read one by one. */
  private static final double FEW = 0.2;

  /** What stands for the threshold where scores have signs. */
  private static final float EQUAL = 1;

  private final float[] scores;
  private final Mask candidates;

  private final boolean few;

  private final int threshold;

  /** Units equal to the threshold still to leave out. */
  private int toDrop;

  private TopUnits(ParameterRanks ranks, int threshold, int toDrop) {
    this.scores = ranks.isSigned() ? besideThreshold(ranks.scores(), threshold) : ranks.scores();
    this.candidates = ranks.candidates();
    this.few = candidates.kept() < FEW * candidates.size();
    this.threshold = ranks.isSigned() ? Float.floatToRawIntBits(EQUAL) : threshold;
    this.toDrop = toDrop;
  }

  static Mask of(ParameterRanks ranks, int count) {
    Mask candidates = ranks.candidates();
    if (count < 0 || count > candidates.kept()) {
      throw new IllegalArgumentException(
          "a count must be from 0 to the number of candidates: count=%d, candidates=%d"
              .formatted(count, candidates.kept()));
    }
    if (count == candidates.kept()) {
      return candidates;
    }
    if (count == 0) {
      return Mask.noneKept(candidates.size());
    }
    Place coarse = Place.of(ranks.upper(), count);
    Place fine = Place.of(ranks.lower(coarse.bucket), coarse.missing);
    int threshold = OrderedBits.rank(coarse.bucket, fine.bucket);
    return new TopUnits(ranks, threshold, fine.count - fine.missing).build();
  }

  /** Scores of 0 or more that are below, equal to or above {@link #EQUAL} as those given are. */
  private static float[] besideThreshold(float[] scores, int threshold) {
    float[] beside = new float[scores.length];
    for (int unit = 0; unit < scores.length; unit++) {
      int rank = OrderedBits.rank(Float.floatToRawIntBits(scores[unit]));
      beside[unit] = rank > threshold ? 2 * EQUAL : rank == threshold ? EQUAL : 0;
    }
    return beside;
  }

  private Mask build() {
    long[] words = new long[candidates.wordCount()];
    for (int i = 0; i < words.length; i++) {
      long candidate = candidates.word(i);
      if (candidate != 0) {
        words[i] = toDrop > 0 ? wordWithTies(candidate, i << 6) : atLeast(candidate, i << 6, 0);
      }
    }
    return Mask.ofWords(candidates.size(), words);
  }

  /** Leaves out the first units that are equal to the threshold. */
  private long wordWithTies(long candidate, int base) {
    long kept = atLeast(candidate, base, 0);
    long equal = kept & ~atLeast(kept, base, 1);
    for (; toDrop > 0 && equal != 0; toDrop--) {
      kept ^= Long.lowestOneBit(equal);
      equal &= equal - 1;
    }
    return kept;
  }

  private long atLeast(long candidate, int base, int more) {
    int below = threshold - 1 + more;
    if (few || base + 64 > scores.length) {
      return above(scores, base, below, candidate);
    }
    return above(scores, base, below) & candidate;
  }

  /** All 64 units of a word, be they candidates or not. */
  private static long above(float[] scores, int base, int below) {
    int a = 0;
    int b = 0;
    int c = 0;
    int d = 0;
    for (int unit = base + 15; unit >= base; unit--) {
      a = 2 * a + above(scores[unit], below);
      b = 2 * b + above(scores[unit + 16], below);
      c = 2 * c + above(scores[unit + 32], below);
      d = 2 * d + above(scores[unit + 48], below);
    }
    return Integer.toUnsignedLong(a | b << 16) | (long) (c | d << 16) << 32;
  }

  private static long above(float[] scores, int base, int below, long candidate) {
    long kept = 0;
    for (long rest = candidate; rest != 0; rest &= rest - 1) {
      int bit = Long.numberOfTrailingZeros(rest);
      kept |= (long) above(scores[base + bit], below) << bit;
    }
    return kept;
  }

  /** 1 if a score's bits are above {@code below}; the difference of two non-negative ints fits. */
  private static int above(float score, int below) {
    return (below - Float.floatToRawIntBits(score)) >>> 31;
  }

  /** The bucket of the last kept unit, its count, and the number of kept units in it. */
  private record Place(int bucket, int count, int missing) {
    static Place of(Histogram histogram, int count) {
      int missing = count;
      int place = histogram.size() - 1;
      while (histogram.count(place) < missing) {
        missing -= histogram.count(place--);
      }
      return new Place(histogram.bucket(place), histogram.count(place), missing);
    }
  }
}
