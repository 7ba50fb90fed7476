package io.espalier.masks.selection;

import io.espalier.masks.Mask;

/** The best units of one parameter as a mask. */
final class TopUnits {
  private TopUnits() {}

  /** Keeps the best {@code count} candidates. */
  static Mask of(float[] scores, Mask candidates, int count) {
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
    int[] upper = RadixHistogram.ofUpper(scores, candidates);
    Place coarse = Place.of(upper, RadixHistogram.UPPER_BUCKETS, count);
    int[] lower = RadixHistogram.ofLower(scores, candidates, coarse.bucket);
    Place fine = Place.of(lower, RadixHistogram.LOWER_BUCKETS, coarse.missing);
    int threshold = coarse.bucket << 16 | fine.bucket;
    return build(scores, candidates, threshold, lower[fine.bucket] - fine.missing);
  }

  /** Keeps scores above the threshold, and those equal to it but for the first {@code drop}. */
  private static Mask build(float[] scores, Mask candidates, int threshold, int drop) {
    long[] words = new long[candidates.wordCount()];
    int toDrop = drop;
    for (int i = 0; i < words.length; i++) {
      long candidate = candidates.word(i);
      if (candidate == 0) {
        continue;
      }
      long above = 0;
      long equal = 0;
      int base = i << 6;
      int end = Math.min(64, scores.length - base);
      for (int bit = 0; bit < end; bit++) {
        // Both differences stay within int: bits of scores are non-negative.
        int ahead = threshold - Float.floatToRawIntBits(scores[base + bit]);
        above |= (long) (ahead >>> 31) << bit;
        equal |= (long) ((ahead | -ahead) >>> 31 ^ 1) << bit;
      }
      above &= candidate;
      equal &= candidate;
      for (; toDrop > 0 && equal != 0; toDrop--) {
        equal &= equal - 1;
      }
      words[i] = above | equal;
    }
    return Mask.ofWords(candidates.size(), words);
  }

  /** The bucket that holds the last of the best, and how many of the best are in it. */
  private record Place(int bucket, int missing) {
    static Place of(int[] counts, int buckets, int count) {
      int missing = count;
      int bucket = buckets - 1;
      while (counts[bucket] < missing) {
        missing -= counts[bucket--];
      }
      return new Place(bucket, missing);
    }
  }
}
