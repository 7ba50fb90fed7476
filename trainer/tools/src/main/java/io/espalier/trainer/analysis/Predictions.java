package io.espalier.trainer.analysis;

import io.espalier.trainer.data.Batch;
import io.espalier.trainer.objective.CrossEntropy;
import io.espalier.trainer.objective.Objective;

/** How a network answers on a set, example by example. Not thread-safe. */
final class Predictions {
  private final int classes;
  private final Objective objective;
  private final int[] labels;
  private final int[] answers;
  private final double[] confidences;
  private int count;
  private double lossSum;
  private double squareSum;

  Predictions(int classes, Objective objective, int examples) {
    this.classes = classes;
    this.objective = objective;
    labels = new int[examples];
    answers = new int[examples];
    confidences = new double[examples];
  }

  void add(float[] logits, Batch batch) {
    double[] probabilities = new double[classes];
    for (int row = 0; row < batch.size(); row++) {
      CrossEntropy.softmax(logits, row, classes, 1, probabilities);
      labels[count] = batch.label(row);
      answers[count] = objective.answer(logits, row, classes);
      confidences[count] = probabilities[answers[count]];
      lossSum += objective.loss(logits, row, classes, labels[count]);
      squareSum += squareError(probabilities, labels[count]);
      count++;
    }
  }

  private static double squareError(double[] probabilities, int label) {
    double sum = 0;
    for (int c = 0; c < probabilities.length; c++) {
      double error = probabilities[c] - (c == label ? 1 : 0);
      sum += error * error;
    }
    return sum;
  }

  int count() {
    return count;
  }

  int label(int example) {
    return labels[example];
  }

  boolean isCorrect(int example) {
    return labels[example] == answers[example];
  }

  /** Probability of the answer. */
  double confidence(int example) {
    return confidences[example];
  }

  double accuracy() {
    long correct = 0;
    for (int i = 0; i < count; i++) {
      correct += isCorrect(i) ? 1 : 0;
    }
    return (double) correct / count;
  }

  double meanConfidence() {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += confidences[i];
    }
    return sum / count;
  }

  double loss() {
    return lossSum / count;
  }

  /**
   * Mean over examples of the sum over classes of {@code (probability − label)²}, from 0 to 2
   * (Brier, 1950).
   */
  double brier() {
    return squareSum / count;
  }
}
