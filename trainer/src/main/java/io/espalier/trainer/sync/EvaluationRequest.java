package io.espalier.trainer.sync;

/** An evaluation that all trainers share, each on its part of the set. */
public record EvaluationRequest(Set set, Phase phase) {
  public enum Set {
    VALIDATION,
    TEST,
    /** The newest held-out examples of a stream. */
    HOLD_OUT
  }

  public enum Phase {
    REGULAR,
    BEFORE_UPDATE,
    AFTER_UPDATE,
    /** The finished network. */
    FINAL
  }
}
