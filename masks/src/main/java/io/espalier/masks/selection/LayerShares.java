package io.espalier.masks.selection;

import io.espalier.masks.Mask;
import java.util.Arrays;

/**
 * The share of a score's square in the squares of all scores of its parameter that are not smaller,
 * {@code s² / Σ r²} over the candidates r that rank at or above it ("Layer-adaptive sparsity for
 * the magnitude-based pruning", Lee, Park, Mo, Ahn and Shin, 2021). Among equal scores the later
 * one ranks above.
 */
public final class LayerShares {
  private LayerShares() {}

  /**
   * Writes shares from 0 to 1, the largest candidate's 1; 0 for what is no candidate.
   *
   * @param scores finite; those below 0 count as 0
   */
  public static void of(float[] scores, Mask candidates, float[] shares) {
    Arrays.fill(shares, 0);
    long[] ranked = new long[candidates.kept()];
    int count = 0;
    for (int unit = candidates.nextKept(0); unit >= 0; unit = candidates.nextKept(unit + 1)) {
      // From 0 on the bits of floats are in order; the index below them breaks ties.
      ranked[count++] = ((long) Float.floatToRawIntBits(Math.max(0f, scores[unit])) << 32) | unit;
    }
    Arrays.sort(ranked);
    double above = 0;
    for (int i = count - 1; i >= 0; i--) {
      int unit = (int) ranked[i];
      double square = scores[unit] > 0 ? (double) scores[unit] * scores[unit] : 0;
      above += square;
      shares[unit] = above > 0 ? (float) (square / above) : 0;
    }
  }
}
