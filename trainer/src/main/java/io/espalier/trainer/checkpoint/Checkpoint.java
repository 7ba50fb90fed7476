package io.espalier.trainer.checkpoint;

import io.espalier.trainer.commit.Committed;
import io.espalier.trainer.sync.Traffic;

/**
 * A committed state that was read back.
 *
 * @param traffic of the run up to there
 * @param trainedSeconds wall time of the run up to there, over all its attempts
 * @param codeVersion version of the program that wrote it
 */
public record Checkpoint(
    Committed committed, Traffic traffic, double trainedSeconds, String codeVersion) {}
