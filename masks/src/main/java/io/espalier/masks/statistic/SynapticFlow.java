package io.espalier.masks.statistic;

/**
 * The gradient {@code ∂R/∂|w|} of the sum {@code R} of the outputs for one example of ones, where
 * each parameter is its absolute value. It reads no data. One value per weight.
 */
public enum SynapticFlow implements Statistic {
  OF_WEIGHTS;

  public static final String GAUGE = "synaptic-flow";

  @Override
  public String gauge() {
    return GAUGE;
  }

  @Override
  public Merge merge() {
    return Merge.MEAN;
  }

  @Override
  public boolean isPerWeight() {
    return true;
  }
}
