package io.espalier.configs;

import java.time.Duration;

/**
 * The clients of a round, and how long it waits for them.
 *
 * @param size results that a round waits for
 * @param overCommit share of the cohort that is invited beyond it, as some will be late
 * @param quorum share of the cohort whose results are enough once all others are late
 * @param deadline time without progress after which a client counts as late
 * @param roundLimit time after which a client is late in any case
 */
public record CohortConfig(
    int size, double overCommit, double quorum, Duration deadline, Duration roundLimit) {
  public CohortConfig {
    new Rules()
        .require("cohort", size, size >= 1 && size <= 100_000, "from 1 to 100000")
        .require("over-commit", overCommit, overCommit >= 0 && overCommit <= 10, "from 0 to 1000%")
        .require("quorum", quorum, quorum > 0 && quorum <= 1, "above 0 and up to 100%")
        .require(
            "deadline",
            deadline,
            deadline.compareTo(Duration.ofSeconds(1)) >= 0,
            "1 second or more")
        .require(
            "round-limit",
            roundLimit,
            roundLimit.compareTo(deadline) >= 0,
            "as long as the deadline at least")
        .verify();
  }

  /** Clients invited to a round, including the surplus. */
  public int invited() {
    return Math.toIntExact((long) Math.ceil(size * (1 + overCommit) - 1e-9));
  }

  /** Results that are enough once all others are late. */
  int enough() {
    return (int) Math.ceil(size * quorum - 1e-9);
  }
}
