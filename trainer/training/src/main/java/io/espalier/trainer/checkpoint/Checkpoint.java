package io.espalier.trainer.checkpoint;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Traffic;
import io.espalier.trainer.sync.ValidationRecord;
import java.nio.file.Path;

/**
 * A committed state that was read back, with term of the run epoch, version, engine capability and
 * arithmetic of plain Java that wrote it.
 */
public record Checkpoint(
    Path directory,
    Committed committed,
    long term,
    Traffic traffic,
    ValidationRecord validation,
    double trainedSeconds,
    String codeVersion,
    String capability,
    int arithmetic) {
  public RunEpoch.Origin origin() {
    return new RunEpoch.Origin(term, committed.step());
  }

  /**
   * Requires that a run goes on with the arithmetic of its steps in plain Java before this state.
   *
   * @param run with the step from which on it is in plain Java, where that is decided
   * @throws InvalidConfigException if this version has another
   */
  public void requireArithmetic(PreparedRun run) {
    boolean inJava = run.sparseFrom().filter(from -> from < committed.step()).isPresent();
    if (inJava && arithmetic != run.arithmetic()) {
      throw InvalidConfigException.of(
          "train.execution",
          "must go on with the arithmetic of plain Java that the run began with, as another revision sums in another order and ends with other bits: before=%d, here=%d; resume the run with the version that wrote its checkpoint, %s, or begin a run of its own from it: train --resume DIR -D name=NAME"
              .formatted(arithmetic, run.arithmetic(), codeVersion));
    }
  }
}
