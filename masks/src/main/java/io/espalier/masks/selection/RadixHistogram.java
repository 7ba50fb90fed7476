package io.espalier.masks.selection;

import io.espalier.masks.Mask;

/**
 * Counts of one parameter's candidate scores by 16 of their 32 float bits.
 *
 * <p>Bits of non-negative floats order as the floats do, so the upper half is a coarse rank and the
 * lower half the fine one.
 */
final class RadixHistogram {
  /** Upper halves of all finite non-negative floats are below this. */
  static final int UPPER_BUCKETS = 0x7f80;

  static final int LOWER_BUCKETS = 0x10000;

  private RadixHistogram() {}

  /**
   * Counts by upper half.
   *
   * @throws IllegalArgumentException if a candidate's score is negative, infinite or not a number
   */
  static int[] ofUpper(float[] scores, Mask candidates) {
    int[] counts = new int[0x10000];
    for (int i = 0; i < candidates.wordCount(); i++) {
      long word = candidates.word(i);
      int base = i << 6;
      if (word == -1L) {
        for (int unit = base; unit < base + 64; unit++) {
          counts[Float.floatToRawIntBits(scores[unit]) >>> 16]++;
        }
      } else {
        for (; word != 0; word &= word - 1) {
          int unit = base + Long.numberOfTrailingZeros(word);
          counts[Float.floatToRawIntBits(scores[unit]) >>> 16]++;
        }
      }
    }
    for (int bucket = UPPER_BUCKETS; bucket < counts.length; bucket++) {
      if (counts[bucket] != 0) {
        throw new IllegalArgumentException(
            "scores must be finite and 0 or more: scores that are not=" + counts[bucket]);
      }
    }
    return counts;
  }

  /** Counts by lower half of the scores whose upper half is {@code upper}. */
  static int[] ofLower(float[] scores, Mask candidates, int upper) {
    int[] counts = new int[LOWER_BUCKETS];
    for (int i = 0; i < candidates.wordCount(); i++) {
      long word = candidates.word(i);
      int base = i << 6;
      if (word == -1L) {
        for (int unit = base; unit < base + 64; unit++) {
          int bits = Float.floatToRawIntBits(scores[unit]);
          if (bits >>> 16 == upper) {
            counts[bits & 0xffff]++;
          }
        }
      } else {
        for (; word != 0; word &= word - 1) {
          int bits = Float.floatToRawIntBits(scores[base + Long.numberOfTrailingZeros(word)]);
          if (bits >>> 16 == upper) {
            counts[bits & 0xffff]++;
          }
        }
      }
    }
    return counts;
  }
}
