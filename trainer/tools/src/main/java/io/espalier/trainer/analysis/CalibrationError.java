package io.espalier.trainer.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How far the confidence of answers is from the share that is right. Examples are put into bins;
 * the expected calibration error is {@code Σ n_b / n · |accuracy_b − confidence_b|} (Naeini et al.,
 * 2015; Guo et al., "On Calibration of Modern Neural Networks", 2017).
 */
public final class CalibrationError {
  /** As in the paper. */
  public static final int BINS = 15;

  /** Confidences on the edge of bins are of the lower one, in spite of rounding. */
  private static final double EDGE = 1e-9;

  private CalibrationError() {}

  /**
   * Examples whose confidence is in {@code (from, to]}.
   *
   * @param accuracy share of right answers; 0 without examples
   * @param confidence mean; 0 without examples
   */
  public record Bin(double from, double to, long examples, double accuracy, double confidence) {
    private double gap() {
      return examples * Math.abs(accuracy - confidence);
    }
  }

  /** Bins of one width; confidence 0 is in the first. */
  public static List<Bin> bins(double[] confidences, boolean[] correct, int bins) {
    requireFit(confidences, correct, bins);
    long[] examples = new long[bins];
    long[] right = new long[bins];
    double[] sums = new double[bins];
    for (int i = 0; i < confidences.length; i++) {
      int bin = Math.max(0, (int) Math.ceil(confidences[i] * bins - EDGE) - 1);
      examples[bin]++;
      right[bin] += correct[i] ? 1 : 0;
      sums[bin] += confidences[i];
    }
    List<Bin> all = new ArrayList<>();
    for (int b = 0; b < bins; b++) {
      double many = Math.max(1, examples[b]);
      all.add(
          new Bin(
              (double) b / bins, (b + 1.0) / bins, examples[b], right[b] / many, sums[b] / many));
    }
    return all;
  }

  /** From 0 to 1. */
  public static double expected(List<Bin> bins) {
    double sum = 0;
    long examples = 0;
    for (Bin bin : bins) {
      sum += bin.gap();
      examples += bin.examples();
    }
    return sum / Math.max(1, examples);
  }

  /**
   * Returns the error over bins of equally many examples, in order of confidence (Nixon et al.,
   * "Measuring Calibration in Deep Learning", 2019).
   */
  public static double adaptive(double[] confidences, boolean[] correct, int bins) {
    requireFit(confidences, correct, bins);
    Integer[] order = new Integer[confidences.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (left, right) -> Double.compare(confidences[left], confidences[right]));
    double sum = 0;
    for (int b = 0; b < bins; b++) {
      int from = (int) ((long) order.length * b / bins);
      int to = (int) ((long) order.length * (b + 1) / bins);
      double gap = 0;
      for (int i = from; i < to; i++) {
        gap += (correct[order[i]] ? 1 : 0) - confidences[order[i]];
      }
      sum += Math.abs(gap);
    }
    return sum / Math.max(1, order.length);
  }

  private static void requireFit(double[] confidences, boolean[] correct, int bins) {
    if (bins < 1 || confidences.length != correct.length) {
      throw new IllegalArgumentException(
          "bins must be 1 or more, and each confidence be of an answer: bins=%d, confidences=%d, answers=%d"
              .formatted(bins, confidences.length, correct.length));
    }
    for (double confidence : confidences) {
      if (!(confidence >= 0 && confidence <= 1 + EDGE)) {
        throw new IllegalArgumentException(
            "a confidence must be from 0 to 1: confidence=" + confidence);
      }
    }
  }
}
