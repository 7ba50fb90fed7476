package io.espalier.masks.score;

/** A number per unit that a replica gathers over batches, with its weights held fixed. */
public enum Statistic {
  /** Mean over batches of the dense gradient {@code ∂L/∂ŵ}, with its sign. */
  GRADIENT,
  /**
   * Mean over batches of {@code |w · ∂L/∂ŵ|}; the mean of the absolute values, not of the terms.
   */
  TAYLOR
}
