package io.espalier.trainer.checkpoint;

import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Traffic;

/**
 * A committed state that was read back.
 *
 * @param term of the run epoch that wrote it
 * @param trainedSeconds wall time of the run so far, over all its attempts
 */
public record Checkpoint(
    Committed committed, long term, Traffic traffic, double trainedSeconds, String codeVersion) {
  public RunEpoch.Origin origin() {
    return new RunEpoch.Origin(term, committed.step());
  }
}
