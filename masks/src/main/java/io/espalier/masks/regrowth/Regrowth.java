package io.espalier.masks.regrowth;

import io.espalier.masks.score.StatisticRequest;
import java.util.Optional;

/** Ranks units for return at 0; the best replace the kept units with the smallest magnitude. */
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
   * Ranks a parameter's units for growth at an update; the larger score returns first. {@code
   * values}, not changed, are the statistic of {@link #request}, or else the weights. {@code
   * scores} receives one finite, non-negative value per unit.
   */
  void score(int parameterIndex, long step, float[] values, float[] scores);
}
