package io.espalier.trainer.objective;

import io.espalier.configs.MemberSettings;
import java.util.Optional;

/**
 * Mean cross-entropy in nats against smoothed labels {@code (1 − ε) · one-hot + ε / classes}
 * (Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", 2016). Evaluations
 * take the labels as they are.
 *
 * @param smoothing ε, at least 0 and below 1
 */
public record CrossEntropy(double smoothing) implements Objective {
  public CrossEntropy {
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException(
          "label smoothing must be at least 0 and below 1: smoothing=" + smoothing);
    }
  }

  @Override
  public Optional<CrossEntropy> crossEntropy() {
    return Optional.of(this);
  }

  @Override
  public double gradient(
      float[] logits, int[] labels, int classes, ObjectiveInputs taps, float[] gradient) {
    double[] probabilities = new double[classes];
    double sum = 0;
    for (int row = 0; row < labels.length; row++) {
      double logSum = softmax(logits, row, classes, 1, probabilities);
      for (int c = 0; c < classes; c++) {
        double share = share(c, labels[row], classes);
        sum += share * (logSum - logits[row * classes + c]);
        gradient[row * classes + c] = (float) ((probabilities[c] - share) / labels.length);
      }
    }
    return sum / labels.length;
  }

  private double share(int c, int label, int classes) {
    return (c == label ? 1 - smoothing : 0) + smoothing / classes;
  }

  /**
   * Sets the probabilities of a row at a temperature, and returns the logarithm of the sum by which
   * they were divided.
   */
  public static double softmax(
      float[] logits, int row, int classes, double temperature, double[] probabilities) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      largest = Math.max(largest, logits[row * classes + c] / temperature);
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      probabilities[c] = StrictMath.exp(logits[row * classes + c] / temperature - largest);
      sum += probabilities[c];
    }
    for (int c = 0; c < classes; c++) {
      probabilities[c] /= sum;
    }
    return StrictMath.log(sum) + largest;
  }

  /** The first of equal largest logits. */
  static int argmax(float[] logits, int row, int classes) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (logits[row * classes + c] > logits[row * classes + best]) {
        best = c;
      }
    }
    return best;
  }

  /** Cross-entropy of one row with its label as it is, computed in double. */
  static double of(float[] logits, int row, int classes, int label) {
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

  /** The member of recipes. */
  static final class Provider implements ObjectiveProvider {
    @Override
    public String name() {
      return "cross-entropy";
    }

    @Override
    public Objective create(MemberSettings settings, ObjectiveContext context) {
      return new CrossEntropy(context.labelSmoothing());
    }
  }
}
