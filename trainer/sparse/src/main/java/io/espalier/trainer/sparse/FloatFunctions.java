package io.espalier.trainer.sparse;

/**
 * Functions of one value in single precision, with an absolute error near 1e-7, operation by
 * operation as {@link VectorFunctions} computes them.
 */
final class FloatFunctions {
  static final float ROOT_HALF = 0.70710677f;

  /** The density of the normal distribution at 0. */
  static final float DENSITY = 0.3989423f;

  /** The coefficients of {@link PolynomialFunctions#complementaryError} in single precision. */
  static final float[] ERROR = {
    0.17087276f,
    -0.82215226f,
    1.4885159f,
    -1.135204f,
    0.27886808f,
    -0.18628806f,
    0.09678418f,
    0.37409195f,
    1.0000237f,
    -1.2655122f
  };

  private FloatFunctions() {}

  static float gelu(float x) {
    return x * distribution(x);
  }

  static float geluSlope(float x) {
    float density = PolynomialFunctions.single(x * x * -0.5f) * DENSITY;
    return Math.fma(x, density, distribution(x));
  }

  /** The normal distribution. */
  private static float distribution(float x) {
    float z = Math.abs(x) * ROOT_HALF;
    float t = 1 / Math.fma(z, 0.5f, 1f);
    float sum = ERROR[0];
    for (int i = 1; i < ERROR.length; i++) {
      sum = Math.fma(sum, t, ERROR[i]);
    }
    float below = PolynomialFunctions.single(Math.fma(-z, z, sum)) * t * 0.5f;
    return x > 0 ? 1 - below : below;
  }

  static float silu(float x) {
    return x * sigmoid(x);
  }

  static float siluSlope(float x) {
    float y = sigmoid(x);
    return y * Math.fma(x, 1 - y, 1f);
  }

  private static float sigmoid(float x) {
    return 1 / (PolynomialFunctions.single(-x) + 1);
  }
}
