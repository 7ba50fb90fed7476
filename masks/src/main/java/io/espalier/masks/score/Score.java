package io.espalier.masks.score;

import io.espalier.masks.ParameterId;
import java.util.Optional;

/** The importance of each unit of a parameter; larger scores are kept. */
public interface Score {
  /** Returns the statistic that the score needs in place of the weights; empty if none. */
  default Optional<StatisticRequest> request() {
    return Optional.empty();
  }

  /**
   * Returns the request for the gradient if the score has a signed form, {@code −w · ∂L/∂w}, which
   * channels use where they add up scores before the sign is dropped; empty if it has none.
   */
  default Optional<StatisticRequest> gradientRequest() {
    return Optional.empty();
  }

  /** Whether scores are draws that depend on no value; a channel then has one draw of its own. */
  default boolean isDrawn() {
    return false;
  }

  /**
   * Scores a parameter's units. {@code values}, row-major and not changed, are the statistic of
   * {@link #request}, or else the weights. {@code scores} receives one finite, non-negative value
   * per unit.
   */
  void score(ParameterId id, int parameterIndex, float[] values, float[] scores);
}
