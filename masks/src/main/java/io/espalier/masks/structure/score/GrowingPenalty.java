package io.espalier.masks.structure.score;

/**
 * How strongly each channel of a group is pulled towards 0 in training, so that the sparsity is
 * there when channels are cut: {@code 2^(alpha · (max − s) / (max − min))} for a score s, from 1
 * for the best to {@code 2^alpha} for the worst (the group sparsity of Fang, Ma, Song, Mi and Wang,
 * "DepGraph: Towards Any Structural Pruning", 2023).
 */
public final class GrowingPenalty {
  private GrowingPenalty() {}

  /**
   * One factor per channel; 1 for all if their scores are equal.
   *
   * @param scores of a group's channels, finite
   * @param alpha 4 in the paper
   */
  public static double[] factors(float[] scores, double alpha) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (float score : scores) {
      least = Math.min(least, score);
      most = Math.max(most, score);
    }
    double[] factors = new double[scores.length];
    for (int channel = 0; channel < factors.length; channel++) {
      double share = most > least ? (most - scores[channel]) / (most - least) : 0;
      factors[channel] = StrictMath.pow(2, alpha * share);
    }
    return factors;
  }
}
