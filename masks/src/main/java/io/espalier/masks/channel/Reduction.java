package io.espalier.masks.channel;

/** How several scores become one. */
public enum Reduction {
  SUM,
  MEAN,
  /** The largest. */
  MAX,
  /** The root of the sum of squares. */
  L2;

  /** What the running value starts from. */
  double start() {
    return this == MAX ? Double.NEGATIVE_INFINITY : 0;
  }

  /** The running value with one more score in it. */
  double with(double running, double score) {
    return switch (this) {
      case SUM, MEAN -> running + score;
      case MAX -> Math.max(running, score);
      case L2 -> running + score * score;
    };
  }

  /** The result after so many scores, one or more. */
  double end(double running, long count) {
    return switch (this) {
      case SUM, MAX -> running;
      case MEAN -> running / count;
      case L2 -> Math.sqrt(running);
    };
  }
}
