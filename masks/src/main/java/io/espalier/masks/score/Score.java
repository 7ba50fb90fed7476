package io.espalier.masks.score;

import io.espalier.masks.ParameterId;
import java.util.Optional;

/** How much each unit of a parameter matters; the larger scores are kept. */
public interface Score {
  /** What the score needs beside weights; empty if nothing. */
  default Optional<StatisticRequest> demand() {
    return Optional.empty();
  }

  /**
   * Scores a parameter's units.
   *
   * @param parameterIndex its place among the prunable parameters
   * @param values one per unit, row-major, not changed: the statistic that {@link #demand} asks
   *     for, or else the weights
   * @param scores receives one finite, non-negative value per unit
   */
  void score(ParameterId id, int parameterIndex, float[] values, float[] scores);
}
