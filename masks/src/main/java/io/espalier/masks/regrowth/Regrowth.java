package io.espalier.masks.regrowth;

import io.espalier.masks.score.StatisticRequest;
import java.util.Optional;

/**
 * How much each unit deserves to return at 0; those that deserve it most take the place of the kept
 * units with the smallest magnitude.
 */
public interface Regrowth {
  /** What the rule needs to know of the units' gradients; empty if nothing. */
  default Optional<StatisticRequest> demand() {
    return Optional.empty();
  }

  /**
   * Ranks a parameter's units for growth.
   *
   * @param parameterIndex its place among the prunable parameters
   * @param step of the update
   * @param evidence one per unit, not changed: the statistic that {@link #demand} asks for, or else
   *     the weights
   * @param scores receives one finite, non-negative value per unit; the larger returns first
   */
  void score(int parameterIndex, long step, float[] evidence, float[] scores);
}
