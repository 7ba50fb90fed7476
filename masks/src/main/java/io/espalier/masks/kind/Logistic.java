package io.espalier.masks.kind;

/**
 * The logistic function and its inverse, to the same bits on every processor: powers and logarithms
 * of our own, within 1e-12 relative, as those of {@link Math} may differ in the last bit.
 */
final class Logistic {
  private static final double LOG_2 = StrictMath.log(2);
  private static final double SQUARE_ROOT_2 = StrictMath.sqrt(2);

  /** Beyond it {@code exp} is as good as 0 or infinite for a gate. */
  private static final double LIMIT = 700;

  /** 1/13! to 1/0!: the last power first. */
  private static final double[] EXP_SERIES = new double[14];

  /** 1/17, 1/15 … 1. */
  private static final double[] LOG_SERIES = new double[9];

  static {
    double factorial = 1;
    for (int power = 0; power < EXP_SERIES.length; power++) {
      factorial *= Math.max(1, power);
      EXP_SERIES[EXP_SERIES.length - 1 - power] = 1 / factorial;
    }
    for (int term = 0; term < LOG_SERIES.length; term++) {
      LOG_SERIES[LOG_SERIES.length - 1 - term] = 1.0 / (2 * term + 1);
    }
  }

  private Logistic() {}

  static double exp(double x) {
    double within = Math.max(-LIMIT, Math.min(LIMIT, x));
    double whole = Math.rint(within / LOG_2);
    double rest = within - whole * LOG_2;
    double sum = 0;
    for (double coefficient : EXP_SERIES) {
      sum = sum * rest + coefficient;
    }
    return sum * Double.longBitsToDouble(((long) whole + 1023) << 52);
  }

  /** The natural logarithm of a normal number above 0. */
  static double log(double x) {
    int exponent = Math.getExponent(x);
    double mantissa = Math.scalb(x, -exponent);
    if (mantissa > SQUARE_ROOT_2) {
      mantissa /= 2;
      exponent++;
    }
    double ratio = (mantissa - 1) / (mantissa + 1);
    double square = ratio * ratio;
    double sum = 0;
    for (double coefficient : LOG_SERIES) {
      sum = sum * square + coefficient;
    }
    return 2 * ratio * sum + exponent * LOG_2;
  }

  static double sigmoid(double x) {
    return 1 / (1 + exp(-x));
  }

  /** {@code ln u − ln(1 − u)}. */
  static double logit(double u) {
    return log(u / (1 - u));
  }
}
