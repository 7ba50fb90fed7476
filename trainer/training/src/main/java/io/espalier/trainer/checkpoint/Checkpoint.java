package io.espalier.trainer.checkpoint;

import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Traffic;
import io.espalier.trainer.sync.ValidationRecord;
import java.nio.file.Path;

/**
 * A committed state that was read back, with term of the run epoch, version and engine capability
 * that wrote it.
 */
public record Checkpoint(
    Path directory,
    Committed committed,
    long term,
    Traffic traffic,
    ValidationRecord validation,
    double trainedSeconds,
    String codeVersion,
    String capability) {
  public RunEpoch.Origin origin() {
    return new RunEpoch.Origin(term, committed.step());
  }
}
