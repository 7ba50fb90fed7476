package io.espalier.masks.selection;

import io.espalier.masks.Mask;

/**
 * The best units of one parameter as a mask: scores above a threshold, and those equal to it except
 * the first few.
 */
final class TopUnits {
  /** The value that stands for the threshold where scores have signs. */
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
    this.few = ScoreBits.areFew(candidates);
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
    int toDrop = fine.count - fine.missing;
    return ranks
        .splitFor(count)
        .map(split -> split.keep(candidates.size(), threshold, toDrop))
        .orElseGet(() -> new TopUnits(ranks, threshold, toDrop).build());
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
    return ScoreBits.above(scores, base, below, candidate, few);
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
