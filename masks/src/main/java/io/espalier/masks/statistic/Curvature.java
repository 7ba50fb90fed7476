package io.espalier.masks.statistic;

/**
 * Mean over batches of the Hessian of the loss over all prunable weights, times its gradient: the
 * change of the gradient along itself, one value per weight.
 *
 * @param temperature what logits are divided by before the loss; above 0
 */
public record Curvature(double temperature) implements WeightMean {
  public static final String OBSERVER = "curvature";

  @Override
  public String observer() {
    return OBSERVER;
  }
}
