package io.espalier.masks.score;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.Statistics;
import java.util.List;

/** Parameters at a mask update, dense and alone in their network. */
final class ScoredParameters {
  private ScoredParameters() {}

  static ScoredParameter of(String name, float... weights) {
    return of(name, 0, List.of(1, weights.length), weights, Statistics.none());
  }

  static ScoredParameter of(
      String name, int index, List<Integer> shape, float[] weights, Statistics statistics) {
    return new ScoredParameter(
        new ParameterShape(new ParameterId(name), shape),
        index,
        weights,
        Mask.allKept(weights.length),
        1,
        statistics);
  }
}
