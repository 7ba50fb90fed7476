package io.espalier.masks.statistic;

/**
 * Statistics of the gradients of single examples, one value per weight. Squares of a batch's mean
 * gradient are smaller, by about the batch size where examples pull apart.
 */
public enum ExampleGradient implements Statistic {
  /** Mean over examples of {@code gₙ²}: the diagonal of the empirical Fisher information. */
  MEAN_SQUARES("example-gradient-squares", Merge.MEAN, false),
  /** Sum over examples of {@code gₙ²}. */
  SQUARE_SUMS("example-gradient-square-sums", Merge.SUM, false),
  /** Sum over examples of {@code |gₙ|}. */
  MAGNITUDE_SUMS("example-gradient-sums", Merge.SUM, false),
  /**
   * Mean over examples of the square of {@code ∂‖f(xₙ)‖₂/∂w}, where {@code f} is the layer of the
   * weight: no label and no other layer counts.
   */
  REGIONAL_SQUARES("regional-gradient-squares", Merge.MEAN, true);

  private final String gauge;
  private final Merge merge;
  private final boolean regional;

  ExampleGradient(String gauge, Merge merge, boolean regional) {
    this.gauge = gauge;
    this.merge = merge;
    this.regional = regional;
  }

  /** Whether the gradient is that of the length of the layer's own outputs, not of the loss. */
  public boolean isRegional() {
    return regional;
  }

  public boolean isSum() {
    return merge == Merge.SUM;
  }

  /** What an example's gradient adds. */
  public double term(double gradient) {
    return this == MAGNITUDE_SUMS ? Math.abs(gradient) : gradient * gradient;
  }

  @Override
  public String gauge() {
    return gauge;
  }

  @Override
  public Merge merge() {
    return merge;
  }

  @Override
  public boolean isPerWeight() {
    return true;
  }
}
