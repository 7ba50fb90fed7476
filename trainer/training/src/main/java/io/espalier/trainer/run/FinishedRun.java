package io.espalier.trainer.run;

import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.Traffic;
import io.espalier.trainer.sync.ValidationRecord;

public record FinishedRun(
    Committed committed, EvaluationPart test, Traffic traffic, ValidationRecord validation) {
  /** A run without evaluations on a validation split. */
  public FinishedRun(Committed committed, EvaluationPart test, Traffic traffic) {
    this(committed, test, traffic, ValidationRecord.NONE);
  }

  /** Whether evaluations without a gain ended the run before the last step of its plan. */
  public boolean endedEarly() {
    return validation.gain().isPresent() && committed.step() < committed.run().plan().totalSteps();
  }
}
