package io.espalier.masks.score;

import io.espalier.masks.statistic.InputStatistic;

/**
 * Values of the features that a weight multiplies, {@code [groups, features]}, weight by weight.
 */
final class InputFeatures {
  private InputFeatures() {}

  interface Visitor {
    void see(int unit, float value);
  }

  /** Visits each weight with the value of its input. */
  static void visit(ScoredParameter of, float[] perFeature, Visitor visitor) {
    int features = InputStatistic.features(of.shape());
    int rows = of.shape().dimensions().get(0);
    int rowsPerGroup = rows / (perFeature.length / features);
    for (int row = 0; row < rows; row++) {
      int group = row / rowsPerGroup * features;
      for (int i = 0, unit = row * features; i < features; i++, unit++) {
        visitor.see(unit, perFeature[group + i]);
      }
    }
  }
}
