package io.espalier.trainer.executor;

/** A batch as the network saw it before a step. */
public final class TrainedBatch {
  private final double loss;
  private final float[] logits;

  /** Holds {@code logits} without a copy. */
  public TrainedBatch(double loss, float[] logits) {
    this.loss = loss;
    this.logits = logits;
  }

  /** Mean over the batch, in nats. */
  public double loss() {
    return loss;
  }

  /** {@code [size, classes]}, row-major; not to be changed. */
  public float[] logits() {
    return logits;
  }
}
