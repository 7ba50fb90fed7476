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
    double[][] rows = layer.inputsOf(output);
    double[] targets = layer.outputs(output, Mask.allKept(layer.weights().length));
    double[][] system = new double[features + 1][features + 2];
    double scale = 0;
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; i <= features; i++) {
        double left = input(layer, output, kept, rows[row], i);
        for (int j = 0; j <= features; j++) {
          system[i][j] += left * input(layer, output, kept, rows[row], j) / rows.length;
        }
        system[i][features + 1] += left * targets[row] / rows.length;
        scale += i < features ? rows[row][i] * rows[row][i] / rows.length / features : 0;
      }
    }
    for (int i = 0; i <= features; i++) {
      double before =
          i < features
              ? layer.weights()[output * features + i]
              : layer.biases().map(each -> each[output]).orElse(0f);
      boolean free = i < features ? kept.isKept(output * features + i) : layer.biases().isPresent();
      system[i][i] += free ? ridge * scale : 1;
      system[i][features + 1] += free ? ridge * scale * before : 0;
    }
    return eliminated(system);
  }

  private static double input(SampleLayer layer, int output, Mask kept, double[] row, int i) {
    if (i == layer.features()) {
      return layer.biases().isPresent() ? 1 : 0;
    }
    return kept.isKept(output * layer.features() + i) ? row[i] : 0;
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
