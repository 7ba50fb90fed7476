package io.espalier.masks.score;

import io.espalier.masks.ParameterId;

/** How much each unit of a parameter matters; the larger scores are kept. */
public interface Score {
  /**
   * Scores a parameter's units.
   *
   * @param parameterIndex its place among the prunable parameters
   * @param weights one per unit, row-major; not changed
   * @param scores receives one finite, non-negative value per unit
   */
  void score(ParameterId id, int parameterIndex, float[] weights, float[] scores);
}
