package io.espalier.trainer.run;

import io.espalier.trainer.replica.Replica.StepOutcome;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import io.espalier.trainer.sync.ValidationRecord;

/** Observes a {@link TrainingLoop}; called in the loop's thread. */
public interface LoopListener {
  LoopListener NONE = new LoopListener() {};

  default void stepped(int trainer, StepOutcome outcome) {}

  /** Called repeatedly while a trainer waits for examples of a stream. */
  default void waited(int trainer) {}

  default void synced(SyncOutcome outcome) {}

  /** After each evaluation, merged over all trainers. */
  default void evaluated(long step, EvaluationRequest request, EvaluationPart result) {}

  /** After each sync, once all trainers hold its state: the time to write a checkpoint. */
  default void committed(SyncOutcome outcome, Traffic traffic) {}

  /**
   * Receives a commit with what the checkpoint of a run needs that keeps its best state or may end
   * early.
   */
  default void committed(SyncOutcome outcome, Traffic traffic, ValidationRecord validation) {
    committed(outcome, traffic);
  }

  /**
   * The newest evaluation on the validation split is the best; of runs that keep the best state.
   */
  default void improved(Committed best, ValidationRecord.Score score) {}
}
