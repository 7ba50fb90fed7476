package io.espalier.trainer.sparse;

/**
 * The exponential and error functions as polynomials, so that bits depend on no machine's library.
 */
final class PolynomialFunctions {
  private static final double LOG2_E = 1.4426950408889634;
  private static final double LN2_HIGH = 0.6931471803691238;
  private static final double LN2_LOW = 1.9082149292705877e-10;
  private static final int BIAS = 1023;
  private static final int MANTISSA = 52;
  private static final double LARGEST = 700;

  /** 1/n!, from the highest power to 1. */
  private static final double[] TAYLOR = {
    1.0 / 39916800,
    1.0 / 3628800,
    1.0 / 362880,
    1.0 / 40320,
    1.0 / 5040,
    1.0 / 720,
    1.0 / 120,
    1.0 / 24,
    1.0 / 6,
    0.5,
    1,
    1
  };

  /**
   * Coefficients of a Chebyshev fit to the complementary error function, fractional error below
   * 1.2e-7.
   */
  private static final double[] ERROR = {
    0.17087277,
    -0.82215223,
    1.48851587,
    -1.13520398,
    0.27886807,
    -0.18628806,
    0.09678418,
    0.37409196,
    1.00002368,
    -1.26551223
  };

  /** Added to a small number, leaves its nearest whole one in the lowest bits. */
  static final float ROUND = 12582912;

  static final float LOWEST = -87;
  static final float HIGHEST = 88;
  static final float LOG2_E_FLOAT = 1.442695f;
  static final float LN2_HIGH_FLOAT = 0.6933594f;
  static final float LN2_LOW_FLOAT = -0.00021219444f;

  /** Coefficients of powers of the rest, from a minimax fit (Moshier, "Cephes", 1992). */
  static final float SEVENTH = 0.00019875691f;

  static final float SIXTH = 0.0013981999f;
  static final float FIFTH = 0.008333452f;
  static final float FOURTH = 0.041665796f;
  static final float THIRD = 0.16666666f;
  static final float SECOND = 0.5f;

  static final int MANTISSA_OF_FLOAT = 23;

  /** The bits of 1. */
  static final int ONE = 127 << MANTISSA_OF_FLOAT;

  private PolynomialFunctions() {}

  /** eˣ with a relative error below 1e-13; arguments are limited to ±700. */
  static double of(double x) {
    if (Double.isNaN(x)) {
      return x;
    }
    double limited = Math.max(-LARGEST, Math.min(LARGEST, x));
    double power = Math.rint(limited * LOG2_E);
    double rest = limited - power * LN2_HIGH - power * LN2_LOW;
    return polynomial(TAYLOR, rest) * Double.longBitsToDouble((long) (power + BIAS) << MANTISSA);
  }

  /** eˣ with a relative error below 2e-7; arguments are limited to {@code [−87, 88]}. */
  static float single(float x) {
    float limited = Math.min(Math.max(x, LOWEST), HIGHEST);
    float shifted = Math.fma(limited, LOG2_E_FLOAT, ROUND);
    float power = shifted - ROUND;
    float rest = Math.fma(power, -LN2_LOW_FLOAT, Math.fma(power, -LN2_HIGH_FLOAT, limited));
    float sum = Math.fma(rest, SEVENTH, SIXTH);
    sum = Math.fma(sum, rest, FIFTH);
    sum = Math.fma(sum, rest, FOURTH);
    sum = Math.fma(sum, rest, THIRD);
    sum = Math.fma(sum, rest, SECOND);
    float value = Math.fma(sum, rest * rest, rest) + 1;
    int scale = (Float.floatToRawIntBits(shifted) << MANTISSA_OF_FLOAT) + ONE;
    return value * Float.intBitsToFloat(scale);
  }

  /** erfc (Press et al., "Numerical Recipes in C", 1992, section 6.2). */
  static double complementaryError(double x) {
    double z = Math.abs(x);
    double t = 1 / (1 + 0.5 * z);
    double value = t * of(-z * z + polynomial(ERROR, t));
    return x >= 0 ? value : 2 - value;
  }

  private static double polynomial(double[] coefficients, double x) {
    double sum = 0;
    for (double each : coefficients) {
      sum = sum * x + each;
    }
    return sum;
  }
}
