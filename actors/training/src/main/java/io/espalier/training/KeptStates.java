package io.espalier.training;

import io.espalier.masks.MaskSet;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.ValidationRecord.Score;

/** Takes the states that a run keeps beside its checkpoints. Called on the coordinator's thread. */
public interface KeptStates {
  KeptStates NONE = new KeptStates() {};

  /** The masks after an update or a cut. */
  default void masksChanged(MaskSet masks) {}

  /** The best state so far of a run that keeps it. */
  default void improved(Committed best, Score score) {}
}
