package io.espalier.masks.statistic;

/**
 * An estimate of the diagonal of the Hessian of the loss over all prunable weights, mean over
 * batches and drawn signs; exact where the Hessian has no other entries. One value per weight.
 *
 * @param probes draws per batch
 */
public record HessianDiagonal(int probes, long seed) implements WeightMean {
  public static final String OBSERVER = "hessian-diagonal";

  @Override
  public String observer() {
    return OBSERVER;
  }
}
