package io.espalier.service;

import java.util.Set;

/** State of a run of the service. */
public enum RunState {
  /** Waits for cores, memory or a gateway. */
  QUEUED,
  /** An attempt reads recipe, data and checkpoint. */
  STARTING,
  RUNNING,
  /** Trains to its next sync, where a checkpoint is written. */
  PAUSING,
  /** Holds nothing but its files; may be resumed. */
  PAUSED,
  CANCELLING,
  /** All files are written. */
  COMPLETED,
  /** Ended by an error; may be resumed. */
  FAILED,
  /** Ended on request without a result. */
  CANCELLED;

  private static final Set<RunState> ENDED = Set.of(COMPLETED, FAILED, CANCELLED);
  private static final Set<RunState> HELD = Set.of(STARTING, RUNNING, PAUSING, CANCELLING);

  public boolean isEnded() {
    return ENDED.contains(this);
  }

  /** Whether an attempt holds cores and memory. */
  public boolean hasAttempt() {
    return HELD.contains(this);
  }
}
