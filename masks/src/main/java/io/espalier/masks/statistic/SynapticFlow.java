package io.espalier.masks.statistic;

/**
 * The gradient {@code ∂R/∂|w|} of the sum {@code R} of the outputs for one example of ones, where
 * each parameter is its absolute value. It reads no data. One value per weight.
 */
public enum SynapticFlow implements WeightMean {
  OF_WEIGHTS;

  public static final String OBSERVER = "synaptic-flow";

  @Override
  public String observer() {
    return OBSERVER;
  }
}
