package io.espalier.masks.statistic;

/**
 * Mean over rows of {@code |wᵢ xᵢ| / (Σₖ |wₖ xₖ| + |b|)}: the share of each weight in what its
 * output sums up, 0 where nothing is summed. One value per weight.
 */
public enum Contributions implements WeightMean {
  OF_WEIGHTS;

  public static final String OBSERVER = "contributions";

  @Override
  public String observer() {
    return OBSERVER;
  }
}
