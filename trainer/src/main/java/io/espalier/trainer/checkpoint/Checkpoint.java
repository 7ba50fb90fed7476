package io.espalier.trainer.checkpoint;

import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Traffic;

/**
 * A committed state that was read back.
 *
 * @param term of the reign that wrote it
 * @param traffic of the run up to there
 * @param trainedSeconds wall time of the run up to there, over all its attempts
 * @param codeVersion version of the program that wrote it
 */
public record Checkpoint(
    Committed committed, long term, Traffic traffic, double trainedSeconds, String codeVersion) {
  /** What a reign that goes on from here went on from. */
  public RunEpoch.Origin origin() {
    return new RunEpoch.Origin(term, committed.step());
  }
}
