package io.espalier.federation.server;

import io.espalier.configs.RoundsConfig;
import java.time.Duration;

/**
 * When a round has waited enough.
 *
 * @param wanted results that close it at once
 * @param fewest results that are enough when all others are late
 * @param deadline time without progress after which a client is late
 * @param limit time since its invitation after which a client is late in any case
 */
public record CohortRules(int wanted, int fewest, Duration deadline, Duration limit) {
  public static CohortRules of(RoundsConfig rounds) {
    return new CohortRules(
        rounds.cohort(), rounds.fewest(), rounds.deadline(), rounds.roundLimit());
  }
}
