package io.espalier.masks.refit;

import java.util.Optional;

/**
 * The factor {@code U} of a symmetric positive definite matrix {@code UᵀU}. A triangle is an array
 * per row, from the diagonal on.
 */
final class Cholesky {
  private final double[][] upper;

  private Cholesky(double[][] upper) {
    this.upper = upper;
  }

  /**
   * Factors a matrix in place, of which it takes the upper triangle; empty if a pivot is below
   * {@code least}, which is above 0.
   */
  static Optional<Cholesky> of(double[][] triangle, double least) {
    for (int k = 0; k < triangle.length; k++) {
      double[] row = triangle[k];
      if (!(row[0] >= least)) {
        return Optional.empty();
      }
      double root = Math.sqrt(row[0]);
      for (int j = 0; j < row.length; j++) {
        row[j] /= root;
      }
      for (int i = 1; i < row.length; i++) {
        subtract(triangle[k + i], row[i], row, i);
      }
    }
    return Optional.of(new Cholesky(triangle));
  }

  private static void subtract(double[] target, double factor, double[] row, int from) {
    for (int j = 0; j < target.length; j++) {
      target[j] -= factor * row[from + j];
    }
  }

  /** Replaces a right-hand side by the solution. */
  void solve(double[] values) {
    for (int k = 0; k < values.length; k++) {
      double[] row = upper[k];
      values[k] /= row[0];
      for (int j = 1; j < row.length; j++) {
        values[k + j] -= row[j] * values[k];
      }
    }
    for (int k = values.length - 1; k >= 0; k--) {
      double[] row = upper[k];
      double sum = values[k];
      for (int j = 1; j < row.length; j++) {
        sum -= row[j] * values[k + j];
      }
      values[k] = sum / row[0];
    }
  }
}
