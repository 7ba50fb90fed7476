package io.espalier.trainer.replica;

/** Counts and losses of a batch of logits, in plain Java and in double. */
final class CrossEntropy {
  private CrossEntropy() {}

  /** Index of the largest logit of row {@code row}; the first among equals. */
  static int argmax(float[] logits, int row, int classes) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (logits[row * classes + c] > logits[row * classes + best]) {
        best = c;
      }
    }
    return best;
  }

  /** Cross-entropy of row {@code row} against {@code label}, in nats. */
  static double loss(float[] logits, int row, int classes, int label) {
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
