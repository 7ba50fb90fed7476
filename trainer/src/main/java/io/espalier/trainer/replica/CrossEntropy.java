package io.espalier.trainer.replica;

import ai.djl.ndarray.NDArray;
import io.espalier.trainer.engine.Constant;

/** Counts and losses of a batch of logits {@code [batch, classes]}. */
final class CrossEntropy {
  private CrossEntropy() {}

  /**
   * Mean cross-entropy in nats against smoothed labels {@code (1 − ε) · one-hot + ε / classes}
   * (Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", 2016); {@code
   * labels} is {@code [batch]}.
   */
  public static NDArray mean(NDArray logits, NDArray labels, double smoothing) {
    NDArray logs = logits.logSoftmax(1);
    NDArray hit = logs.gather(labels.expandDims(1), 1).mean();
    if (smoothing == 0) {
      return hit.neg();
    }
    NDArray share = Constant.beside(logits, 1 - smoothing);
    NDArray spread = Constant.beside(logits, smoothing);
    return hit.mul(share).add(logs.mean().mul(spread)).neg();
  }

  /** The first of equal largest logits. */
  public static int argmax(float[] logits, int row, int classes) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (logits[row * classes + c] > logits[row * classes + best]) {
        best = c;
      }
    }
    return best;
  }

  /** Cross-entropy of one row, in nats, computed in double. */
  public static double loss(float[] logits, int row, int classes, int label) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      largest = Math.max(largest, logits[row * classes + c]);
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += StrictMath.exp(logits[row * classes + c] - largest);
    }
    return StrictMath.log(sum) + largest - logits[row * classes + label];
  }
}
