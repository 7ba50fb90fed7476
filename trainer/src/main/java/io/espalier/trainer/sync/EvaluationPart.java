package io.espalier.trainer.sync;

import java.util.List;

/** One trainer's counts on its part of a set; parts add up in trainer order. */
public record EvaluationPart(long correct, long examples, double lossSum) {
  public static EvaluationPart merge(List<EvaluationPart> parts) {
    long correct = 0;
    long examples = 0;
    double lossSum = 0;
    for (EvaluationPart part : parts) {
      correct += part.correct;
      examples += part.examples;
      lossSum += part.lossSum;
    }
    return new EvaluationPart(correct, examples, lossSum);
  }

  public double accuracy() {
    return (double) correct / examples;
  }

  public double loss() {
    return lossSum / examples;
  }
}
