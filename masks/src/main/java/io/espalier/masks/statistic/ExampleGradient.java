package io.espalier.masks.statistic;

/**
 * Statistics of the gradients of single examples, one value per weight. Squares of a batch's mean
 * gradient are smaller, by about the batch size where examples pull apart.
 */
public enum ExampleGradient implements Statistic {
  /** Mean over examples of {@code gₙ²}: the diagonal of the empirical Fisher information. */
  MEAN_SQUARES("example-gradient-squares", Merge.MEAN, Of.LOSS),
  /** Sum over examples of {@code gₙ²}. */
  SQUARE_SUMS("example-gradient-square-sums", Merge.SUM, Of.LOSS),
  /** Sum over examples of {@code |gₙ|}. */
  MAGNITUDE_SUMS("example-gradient-sums", Merge.SUM, Of.LOSS),
  /**
   * Mean over examples of the square of {@code ∂‖f(xₙ)‖₂/∂w}, where {@code f} is the layer of the
   * weight: no label and no other layer counts.
   */
  REGIONAL_SQUARES("regional-gradient-squares", Merge.MEAN, Of.LAYER),
  /**
   * Mean over examples of the square of {@code ∂‖f(xₙ)‖₂/∂w}, where {@code f} is the block of a
   * transformer that the weight is in: no other block counts. For weights in no block, {@code f} is
   * the layer.
   */
  BLOCK_SQUARES("block-gradient-squares", Merge.MEAN, Of.BLOCK);

  /**
   * The value that is differentiated: the example's loss, or the length of the output of layer or
   * block.
   */
  public enum Of {
    LOSS,
    LAYER,
    BLOCK
  }

  private final String observer;
  private final Merge merge;
  private final Of of;

  ExampleGradient(String observer, Merge merge, Of of) {
    this.observer = observer;
    this.merge = merge;
    this.of = of;
  }

  public Of of() {
    return of;
  }

  public boolean isSum() {
    return merge == Merge.SUM;
  }

  /** The term that an example's gradient adds. */
  public double term(double gradient) {
    return this == MAGNITUDE_SUMS ? Math.abs(gradient) : gradient * gradient;
  }

  @Override
  public String observer() {
    return observer;
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
