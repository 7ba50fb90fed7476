package io.espalier.trainer.sync;

/** An evaluation that all trainers share, each on its part of the set. */
public record EvaluationRequest(Set set, Phase phase) {
  /** Which examples. */
  public enum Set {
    VALIDATION,
    TEST,
    /** The newest held-out examples of a stream. */
    HOLD_OUT
  }

  /** Under which masks of a sync. */
  public enum Phase {
    /** A sync without mask update. */
    REGULAR,
    BEFORE_UPDATE,
    AFTER_UPDATE,
    /** The finished network. */
    FINAL
  }
}
