package io.espalier.service;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.util.Set;

/**
 * State of a run of the service. The words are those of events, pages and commands; {@link
 * #STARTING}, {@link #PAUSING} and {@link #CANCELLING} are ways from one of them to another, which
 * events do not have. Names are stored: one that changes keeps its old name as an alias.
 */
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
  @JsonAlias("COMPLETED") // In journals and answers of earlier versions.
  FINISHED,
  /** Ended by an error; may be resumed. */
  FAILED,
  /** Ended on request without a result. */
  CANCELLED;

  private static final Set<RunState> ENDED = Set.of(FINISHED, FAILED, CANCELLED);
  private static final Set<RunState> HELD = Set.of(STARTING, RUNNING, PAUSING, CANCELLING);

  public boolean isEnded() {
    return ENDED.contains(this);
  }

  /** Whether an attempt holds cores and memory. */
  public boolean hasAttempt() {
    return HELD.contains(this);
  }
}
