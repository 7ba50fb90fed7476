package io.espalier.trainer.sync;

import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.stream.StreamState;
import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Holds what a sync brought.
 *
 * @param before what the replicas hold, or for values that are sent, what they held at the last
 *     sync
 * @param values those before the update as they travel, packed when asked for; empty if the
 *     replicas hold them
 * @param bytes that came from the replicas
 * @param measured whether they were statistics
 */
record SyncArrival(
    Committed before,
    long step,
    TrainingState state,
    Optional<Supplier<FloatBuffer>> values,
    long bytes,
    boolean measured,
    Optional<StreamState> stream,
    boolean recalibrated) {
  /**
   * How often the sync would move the state of a trainer without masks; statistics are no part of
   * that.
   */
  int transfers() {
    return measured ? 0 : (bytes > 0 ? 1 : 0) + (values.isPresent() ? 1 : 0);
  }
}
