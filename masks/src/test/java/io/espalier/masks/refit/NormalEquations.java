package io.espalier.masks.refit;

import io.espalier.masks.Mask;

/**
 * A second implementation: the kept weights themselves from the rows of inputs, by elimination with
 * pivots.
 */
final class NormalEquations {
  private NormalEquations() {}

  /** The weights of one output, pruned ones as 0, and its bias, or 0, as the last value. */
  static double[] solved(SampleLayer layer, int output, Mask kept, double ridge) {
    int features = layer.features();
    double[] before = new double[features + 1];
    boolean[] free = new boolean[features + 1];
    for (int i = 0; i < features; i++) {
      before[i] = layer.weights()[output * features + i];
      free[i] = kept.isKept(output * features + i);
    }
    before[features] = layer.biases().map(each -> each[output]).orElse(0f);
    free[features] = layer.biases().isPresent();
    double[] targets = layer.outputs(output, Mask.allKept(layer.weights().length));
    return solved(layer.inputsOf(output), targets, before, free, ridge);
  }

  /**
   * The weights of what gives the targets of all rows, each with an input of 1 behind it.
   *
   * @param before weights that the ridge pulls towards
   * @param free weights that are not 0
   */
  static double[] solved(
      double[][] rows, double[] targets, double[] before, boolean[] free, double ridge) {
    int features = before.length - 1;
    double[][] system = new double[features + 1][features + 2];
    double scale = 0;
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; i <= features; i++) {
        double left = input(rows[row], free, i);
        for (int j = 0; j <= features; j++) {
          system[i][j] += left * input(rows[row], free, j) / rows.length;
        }
        system[i][features + 1] += left * targets[row] / rows.length;
        scale += i < features ? rows[row][i] * rows[row][i] / rows.length / features : 0;
      }
    }
    for (int i = 0; i <= features; i++) {
      system[i][i] += free[i] ? ridge * scale : 1;
      system[i][features + 1] += free[i] ? ridge * scale * before[i] : 0;
    }
    return eliminated(system);
  }

  private static double input(double[] row, boolean[] free, int i) {
    if (!free[i]) {
      return 0;
    }
    return i == row.length ? 1 : row[i];
  }

  private static double[] eliminated(double[][] system) {
    int n = system.length;
    for (int k = 0; k < n; k++) {
      int best = k;
      for (int i = k; i < n; i++) {
        best = Math.abs(system[i][k]) > Math.abs(system[best][k]) ? i : best;
      }
      double[] pivot = system[best];
      system[best] = system[k];
      system[k] = pivot;
      for (int i = k + 1; i < n; i++) {
        double factor = system[i][k] / pivot[k];
        for (int j = k; j <= n; j++) {
          system[i][j] -= factor * pivot[j];
        }
      }
    }
    double[] solution = new double[n];
    for (int k = n - 1; k >= 0; k--) {
      double sum = system[k][n];
      for (int j = k + 1; j < n; j++) {
        sum -= system[k][j] * solution[j];
      }
      solution[k] = sum / system[k][k];
    }
    return solution;
  }
}
