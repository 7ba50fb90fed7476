package io.espalier.trainer.sparse;

/** The loss that a step minimises, with its gradient. */
@FunctionalInterface
public interface LossGradient {
  /**
   * Returns the mean loss of a batch and sets {@code gradient} to its slope along each logit.
   *
   * @param logits {@code [rows, classes]}, row-major, perhaps with unused values behind
   * @param labels one per row
   * @param gradient as {@code logits}; its values before have no meaning
   */
  double gradient(float[] logits, int[] labels, int classes, float[] gradient);
}
