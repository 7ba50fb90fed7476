package io.espalier.service.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.espalier.service.RunState;
import java.util.Map;
import java.util.Optional;

/** A state of a run. {@link RunTransitions} lists what may happen in it and where that leads. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "phase")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunPhase.Unsubmitted.class, name = "unsubmitted"),
  @JsonSubTypes.Type(value = RunPhase.Queued.class, name = "queued"),
  @JsonSubTypes.Type(value = RunPhase.Starting.class, name = "starting"),
  @JsonSubTypes.Type(value = RunPhase.Running.class, name = "running"),
  @JsonSubTypes.Type(value = RunPhase.Pausing.class, name = "pausing"),
  @JsonSubTypes.Type(value = RunPhase.Paused.class, name = "paused"),
  @JsonSubTypes.Type(value = RunPhase.Cancelling.class, name = "cancelling"),
  @JsonSubTypes.Type(value = RunPhase.Completed.class, name = "completed"),
  @JsonSubTypes.Type(value = RunPhase.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = RunPhase.Cancelled.class, name = "cancelled"),
  @JsonSubTypes.Type(value = RunPhase.Deleted.class, name = "deleted")
})
sealed interface RunPhase {
  /** The state that users see; absent before the submission and after the deletion. */
  default Optional<RunState> state() {
    return RunTransitions.of(this).state();
  }

  /** The actions that are possible now, each with its event, if it is not met already. */
  default Map<RunAction, Optional<LifecycleEvent>> allowed() {
    return RunTransitions.of(this).allowed();
  }

  /**
   * Returns the phase after an event.
   *
   * @throws IllegalStateException if the event cannot happen in this phase
   */
  default RunPhase after(LifecycleEvent event) {
    return RunTransitions.of(this)
        .after(event)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "an event must be legal in its phase: event=%s, phase=%s"
                        .formatted(event.word(), this)));
  }

  sealed interface Active extends RunPhase {}

  record Unsubmitted() implements RunPhase {}

  /** Waits for cores, memory or a gateway; {@code ahead} of its priority class if interrupted. */
  record Queued(boolean ahead) implements RunPhase {}

  record Starting() implements Active {}

  record Running() implements Active {}

  /** Trains to its next sync, where a checkpoint is written. */
  record Pausing() implements Active {}

  record Paused() implements RunPhase {}

  /** Ends without a result, unless it was complete before the request. */
  record Cancelling() implements Active {}

  record Completed() implements RunPhase {}

  record Failed() implements RunPhase {}

  record Cancelled() implements RunPhase {}

  /** Deleted; its rows are purged next. */
  record Deleted() implements RunPhase {}
}
