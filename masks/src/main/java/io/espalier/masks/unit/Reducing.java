package io.espalier.masks.unit;

import io.espalier.configs.GranularityConfig.Reduction;

/** Makes one number of several, in double and in their order, without holding them. */
public final class Reducing {
  private Reducing() {}

  /** The running value before the first number. */
  public static double start(Reduction reduction) {
    return reduction == Reduction.MAX ? Double.NEGATIVE_INFINITY : 0;
  }

  public static double with(Reduction reduction, double running, double number) {
    return switch (reduction) {
      case SUM, MEAN -> running + number;
      case MAX -> Math.max(running, number);
      case L2, SQUARES -> running + number * number;
    };
  }

  /** The result of {@code count} numbers, 1 or more. */
  public static double end(Reduction reduction, double running, long count) {
    return switch (reduction) {
      case SUM, MAX, SQUARES -> running;
      case MEAN -> running / count;
      case L2 -> Math.sqrt(running);
    };
  }
}
