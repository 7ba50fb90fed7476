package io.espalier.telemetry.event;

import java.util.Optional;

/**
 * One thing that happened in a run.
 *
 * <p>Events evolve by addition only: a field never changes its name or meaning, a reader ignores
 * fields that it does not know, and a change that breaks readers is a new record with a new {@link
 * EventType}. All events are immutable.
 */
public sealed interface Event
    permits RunEvent, TrainingEvent, MaskEvent, HostEvent, FederationEvent {
  /** Returns the sending part of the run, such as {@code trainer-0}; empty for the run itself. */
  default Optional<String> origin() {
    return Optional.empty();
  }

  /** Returns the subject where finer than the run, such as a parameter's name. */
  default Optional<String> subject() {
    return Optional.empty();
  }
}
