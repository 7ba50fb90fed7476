package io.espalier.masks.score;

/**
 * A gradient statistic that a mask update needs, over {@code batches} batches per trainer; only
 * {@code units} travel.
 */
public record StatisticRequest(Statistic statistic, int batches, Units units) {
  /** Units of every prunable parameter. */
  public enum Units {
    /** Units that the update ranks: kept ones, or all where hidden units may return. */
    CANDIDATES,
    ALL
  }

  public StatisticRequest {
    if (batches < 1) {
      throw new IllegalArgumentException("batches must be 1 or more: batches=" + batches);
    }
  }

  /** A number per unit that a replica gathers over batches with fixed weights. */
  public enum Statistic {
    /** Mean over batches of the dense gradient {@code ∂L/∂ŵ}, with its sign. */
    GRADIENT,
    /**
     * Mean over batches of {@code |w · ∂L/∂ŵ|}; the mean of the absolute values, not of the terms.
     */
    TAYLOR
  }
}
