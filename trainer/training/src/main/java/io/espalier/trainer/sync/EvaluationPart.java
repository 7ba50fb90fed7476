package io.espalier.trainer.sync;

import java.util.ArrayList;
import java.util.List;

/**
 * One trainer's counts on its part of a set; parts add up in trainer order.
 *
 * @param confusion examples by class and answer, {@code [classes, classes]}, row-major; empty where
 *     they are not counted
 */
public record EvaluationPart(long correct, long examples, double lossSum, List<Long> confusion) {
  public EvaluationPart {
    confusion = List.copyOf(confusion);
  }

  public EvaluationPart(long correct, long examples, double lossSum) {
    this(correct, examples, lossSum, List.of());
  }

  public static EvaluationPart merge(List<EvaluationPart> parts) {
    long correct = 0;
    long examples = 0;
    double lossSum = 0;
    List<Long> confusion = List.of();
    for (EvaluationPart part : parts) {
      correct += part.correct;
      examples += part.examples;
      lossSum += part.lossSum;
      confusion = sum(confusion, part.confusion);
    }
    return new EvaluationPart(correct, examples, lossSum, confusion);
  }

  private static List<Long> sum(List<Long> left, List<Long> right) {
    if (left.isEmpty() || right.isEmpty()) {
      return left.isEmpty() ? right : left;
    }
    List<Long> sums = new ArrayList<>(left.size());
    for (int i = 0; i < left.size(); i++) {
      sums.add(left.get(i) + right.get(i));
    }
    return sums;
  }

  public double accuracy() {
    return (double) correct / examples;
  }

  public double loss() {
    return lossSum / examples;
  }

  /** As many equally probable answers have this loss. */
  public double perplexity() {
    return Math.exp(loss());
  }
}
