package io.espalier.masks.statistic;

/** Built-in statistics of one value per weight. */
public enum WeightStatistic implements WeightMean {
  /** Mean over batches of the dense gradient {@code ∂L/∂ŵ}, with its sign. */
  GRADIENT("gradient"),
  /**
   * Mean over batches of {@code |w · ∂L/∂ŵ|}; the mean of the absolute values, not of the terms.
   */
  TAYLOR("taylor");

  private final String observer;

  WeightStatistic(String observer) {
    this.observer = observer;
  }

  @Override
  public String observer() {
    return observer;
  }
}
