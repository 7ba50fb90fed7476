package io.espalier.trainer.run;

import io.espalier.trainer.replica.StepOutcome;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;

/** Watches a {@link TrainingLoop}; called in the loop's thread. */
public interface LoopListener {
  /** A listener that ignores everything. */
  LoopListener NONE = new LoopListener() {};

  /** After each step of each trainer. */
  default void stepped(int trainer, StepOutcome outcome) {}

  /** Again and again while a trainer waits for examples of a stream. */
  default void waited(int trainer) {}

  /** After each sync, before the trainers apply it. */
  default void synced(SyncOutcome outcome) {}

  /** After each evaluation, merged over all trainers. */
  default void evaluated(long step, EvaluationRequest request, EvaluationPart result) {}

  /**
   * After each sync, once all trainers hold its state and its evaluations are told: the moment to
   * write a checkpoint.
   *
   * @param traffic of the run up to there
   */
  default void committed(SyncOutcome outcome, Traffic traffic) {}
}
