package io.espalier.masks.regrowth;

import io.espalier.masks.score.StatisticRequest;
import java.util.Optional;

/**
 * How much each unit deserves to return at 0; those that deserve it most take the place of the kept
 * units with the smallest magnitude.
 */
public interface Regrowth {
  /** Returns the statistic that the rule needs in place of the weights; empty if none. */
  default Optional<StatisticRequest> request() {
    return Optional.empty();
  }

  /** Whether the exchanged share falls by a cosine to 0; otherwise it stays the same. */
  default boolean shareFalls() {
    return false;
  }

  /**
   * Ranks a parameter's units for growth.
   *
   * @param parameterIndex its place among the prunable parameters
   * @param step of the update
   * @param values one per unit, not changed: the statistic of {@link #request}, or else the weights
   * @param scores receives one finite, non-negative value per unit; the larger returns first
   */
  void score(int parameterIndex, long step, float[] values, float[] scores);
}
