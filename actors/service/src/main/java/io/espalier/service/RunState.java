package io.espalier.service;

import java.util.Set;

/** Where a run of the service stands. */
public enum RunState {
  /** Waits for cores, memory or a gateway. */
  QUEUED,
  /** An attempt has a term, and reads recipe, data and checkpoint. */
  STARTING,
  /** Trains. */
  RUNNING,
  /** Was asked to pause, and goes on to its next sync, where a checkpoint is written. */
  PAUSING,
  /** Holds nothing but its files; may be resumed. */
  PAUSED,
  /** Was asked to end without a result. */
  CANCELLING,
  /** All files are written. */
  COMPLETED,
  /** Ended by an error; may be resumed once its cause is mended. */
  FAILED,
  /** Ended on request without a result. */
  CANCELLED;

  private static final Set<RunState> ENDED = Set.of(COMPLETED, FAILED, CANCELLED);
  private static final Set<RunState> HELD = Set.of(STARTING, RUNNING, PAUSING, CANCELLING);

  /** Whether nothing will happen to the run unless somebody asks for it. */
  public boolean isEnded() {
    return ENDED.contains(this);
  }

  /** Whether an attempt is on its way, and with it cores and memory are taken. */
  public boolean hasAttempt() {
    return HELD.contains(this);
  }
}
