package io.espalier.configs;

import java.time.Duration;

/**
 * Says what a run does about failures.
 *
 * @param keepCheckpoints checkpoints that are retained, newest first
 * @param maxRestarts restarts of failed trainers before the run fails
 * @param progressTimeout time without a finished step or received frame before a trainer counts as
 *     hung
 * @param whenDiskFull what happens when checkpoints or events cannot be written
 */
public record RecoveryConfig(
    int keepCheckpoints, int maxRestarts, Duration progressTimeout, WhenDiskFull whenDiskFull) {
  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(5);

  public RecoveryConfig {
    new Rules()
        .require("keep-checkpoints", keepCheckpoints, keepCheckpoints >= 1, "1 or more")
        .require("max-restarts", maxRestarts, maxRestarts >= 0, "0 or more")
        .require(
            "progress-timeout",
            progressTimeout,
            progressTimeout.compareTo(Duration.ofSeconds(1)) >= 0,
            "1 second or more")
        .verify();
  }

  /** Time without progress after which a run is reported as stalled: a quarter of the timeout. */
  public Duration patience() {
    Duration quarter = progressTimeout.dividedBy(4);
    return quarter.compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : quarter;
  }
}
