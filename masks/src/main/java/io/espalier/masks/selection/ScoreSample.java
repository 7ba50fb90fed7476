package io.espalier.masks.selection;

import io.espalier.masks.Mask;

/**
 * The commonest float bits among a thousand evenly spread scores of one upper half, certain only if
 * a majority, and their share from 0 to 1.
 */
record ScoreSample(int commonest, double share) {
  private static final int LOOKS = 1024;
  private static final int SPOTS = 64;
  private static final int SPOT = 16;

  private static final int CHANCE = 16;

  /** Votes in turn ("MJRTY – a fast majority vote algorithm", Boyer and Moore, 1981). */
  static ScoreSample of(float[] scores, Mask candidates, int upper) {
    int stride = Math.max(1, scores.length / LOOKS);
    int commonest = upper << 16;
    int lead = 0;
    for (int unit = 0; unit < scores.length; unit += stride) {
      int bits = Float.floatToRawIntBits(scores[unit]);
      if (bits >>> 16 == upper && candidates.isKept(unit)) {
        commonest = lead == 0 ? bits : commonest;
        lead += bits == commonest ? 1 : -1;
      }
    }
    return new ScoreSample(commonest, share(scores, candidates, stride, commonest));
  }

  /** Whether neighbouring scores share the upper half more often than by chance. */
  static boolean hasTies(float[] scores) {
    int stride = Math.max(SPOT, scores.length / SPOTS);
    int pairs = 0;
    int equal = 0;
    for (int from = 0; from + SPOT <= scores.length; from += stride) {
      for (int unit = from + 1; unit < from + SPOT; unit++) {
        int difference =
            Float.floatToRawIntBits(scores[unit]) ^ Float.floatToRawIntBits(scores[unit - 1]);
        pairs++;
        equal += difference >>> 16 == 0 ? 1 : 0;
      }
    }
    return equal > pairs / CHANCE;
  }

  private static double share(float[] scores, Mask candidates, int stride, int value) {
    int seen = 0;
    int equal = 0;
    for (int unit = 0; unit < scores.length; unit += stride) {
      int bits = Float.floatToRawIntBits(scores[unit]);
      if (bits >>> 16 == value >>> 16 && candidates.isKept(unit)) {
        seen++;
        equal += bits == value ? 1 : 0;
      }
    }
    return seen == 0 ? 0 : (double) equal / seen;
  }
}
