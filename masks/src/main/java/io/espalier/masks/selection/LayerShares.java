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
   * @param shares may be the array of the scores
   */
  public static void of(float[] scores, Mask candidates, float[] shares) {
    long[] ascending = AscendingUnits.of(scores, candidates);
    Arrays.fill(shares, 0);
    double above = 0;
    for (int i = ascending.length - 1; i >= 0; i--) {
      double score = Float.intBitsToFloat((int) (ascending[i] >>> Integer.SIZE));
      double square = score * score;
      above += square;
      shares[(int) ascending[i]] = above > 0 ? (float) (square / above) : 0;
    }
  }
}
