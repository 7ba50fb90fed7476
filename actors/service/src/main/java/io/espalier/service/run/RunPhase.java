package io.espalier.service.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.espalier.service.RunState;
import java.util.Map;
import java.util.Optional;

/**
 * A state of a run: what may happen in it and where that leads, what may be asked and which event
 * answers. What a phase does not override is illegal in it.
 */
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
  /** A request that is met already. */
  Optional<LifecycleEvent> SO_ALREADY = Optional.empty();

  /** As users see it; a run that was never submitted, or is deleted, has none. */
  Optional<RunState> state();

  /** What may be asked, each with the event that it brings about. */
  default Map<RunCommand, Optional<LifecycleEvent>> allowed() {
    return Map.of();
  }

  default RunPhase submitted() {
    throw illegal("submitted");
  }

  default RunPhase started() {
    throw illegal("started");
  }

  default RunPhase ready() {
    throw illegal("ready");
  }

  default RunPhase checkpointed() {
    throw illegal("checkpointed");
  }

  default RunPhase pauseRequested() {
    throw illegal("pause-requested");
  }

  default RunPhase paused() {
    throw illegal("paused");
  }

  default RunPhase resumed() {
    throw illegal("resumed");
  }

  default RunPhase cancelRequested() {
    throw illegal("cancel-requested");
  }

  default RunPhase cancelled() {
    throw illegal("cancelled");
  }

  default RunPhase interrupted() {
    throw illegal("interrupted");
  }

  default RunPhase completed() {
    throw illegal("completed");
  }

  default RunPhase failed() {
    throw illegal("failed");
  }

  default RunPhase deleted() {
    throw illegal("deleted");
  }

  private IllegalStateException illegal(String event) {
    return new IllegalStateException(
        "an event must be legal in its phase: event=%s, phase=%s".formatted(event, this));
  }

  /** An attempt is on its way. */
  sealed interface Active extends RunPhase {
    /** The event that tells of the attempt's end. */
    default LifecycleEvent ended(AttemptEnd end, long term, String why) {
      if (end instanceof AttemptEnd.Completed done) {
        return new LifecycleEvent.Completed(done.step(), done.accuracy(), done.sparsity());
      }
      if (end instanceof AttemptEnd.Failed failed) {
        return new LifecycleEvent.Failed(failed.step(), failed.cause());
      }
      if (end instanceof AttemptEnd.Fenced fenced) {
        return new LifecycleEvent.Failed(
            0, "somebody else works on the run's directory: " + fenced.by());
      }
      return new LifecycleEvent.Interrupted(term, why, end instanceof AttemptEnd.Paused);
    }

    @Override
    default RunPhase checkpointed() {
      return this;
    }

    @Override
    default RunPhase completed() {
      return new Completed();
    }

    @Override
    default RunPhase failed() {
      return new Failed();
    }
  }

  /** Nobody has submitted it. */
  record Unsubmitted() implements RunPhase {
    @Override
    public Optional<RunState> state() {
      return Optional.empty();
    }

    @Override
    public RunPhase submitted() {
      return new Queued(false);
    }
  }

  /**
   * Waits for cores, memory or a gateway.
   *
   * @param ahead of its priority class: it was interrupted
   */
  record Queued(boolean ahead) implements RunPhase {
    @Override
    public Optional<RunState> state() {
      return Optional.of(RunState.QUEUED);
    }

    @Override
    public Map<RunCommand, Optional<LifecycleEvent>> allowed() {
      return Map.of(
          RunCommand.PAUSE, Optional.of(new LifecycleEvent.PauseRequested()),
          RunCommand.CANCEL, Optional.of(new LifecycleEvent.CancelRequested()),
          RunCommand.RESUME, SO_ALREADY);
    }

    @Override
    public RunPhase started() {
      return new Starting();
    }

    @Override
    public RunPhase pauseRequested() {
      return new Paused();
    }

    @Override
    public RunPhase cancelRequested() {
      return new Cancelled();
    }

    @Override
    public RunPhase failed() {
      return new Failed();
    }
  }

  /** Reads recipe, data and checkpoint. */
  record Starting() implements Active {
    @Override
    public Optional<RunState> state() {
      return Optional.of(RunState.STARTING);
    }

    @Override
    public Map<RunCommand, Optional<LifecycleEvent>> allowed() {
      return Running.ALLOWED;
    }

    @Override
    public RunPhase ready() {
      return new Running();
    }

    @Override
    public RunPhase pauseRequested() {
      return new Pausing();
    }

    @Override
    public RunPhase cancelRequested() {
      return new Cancelling();
    }

    @Override
    public RunPhase interrupted() {
      return new Queued(true);
    }
  }

  /** Trains. */
  record Running() implements Active {
    private static final Map<RunCommand, Optional<LifecycleEvent>> ALLOWED =
        Map.of(
            RunCommand.PAUSE,
            Optional.of(new LifecycleEvent.PauseRequested()),
            RunCommand.CANCEL,
            Optional.of(new LifecycleEvent.CancelRequested()),
            RunCommand.CHECKPOINT,
            SO_ALREADY,
            RunCommand.RESUME,
            SO_ALREADY);

    @Override
    public Optional<RunState> state() {
      return Optional.of(RunState.RUNNING);
    }

    @Override
    public Map<RunCommand, Optional<LifecycleEvent>> allowed() {
      return ALLOWED;
    }

    /** Written twice if a write was done and reported as failed. */
    @Override
    public RunPhase ready() {
      return this;
    }

    @Override
    public RunPhase pauseRequested() {
      return new Pausing();
    }

    @Override
    public RunPhase cancelRequested() {
      return new Cancelling();
    }

    @Override
    public RunPhase interrupted() {
      return new Queued(true);
    }
  }

  /** Goes on to its next sync, where a checkpoint is written. */
  record Pausing() implements Active {
    @Override
    public Optional<RunState> state() {
      return Optional.of(RunState.PAUSING);
    }

    @Override
    public Map<RunCommand, Optional<LifecycleEvent>> allowed() {
      return Map.of(
          RunCommand.CANCEL, Optional.of(new LifecycleEvent.CancelRequested()),
          RunCommand.CHECKPOINT, SO_ALREADY,
          RunCommand.PAUSE, SO_ALREADY);
    }

    @Override
    public LifecycleEvent ended(AttemptEnd end, long term, String why) {
      return end instanceof AttemptEnd.Paused paused
          ? new LifecycleEvent.Paused(paused.step())
          : Active.super.ended(end, term, why);
    }

    @Override
    public RunPhase ready() {
      return this;
    }

    @Override
    public RunPhase cancelRequested() {
      return new Cancelling();
    }

    @Override
    public RunPhase paused() {
      return new Paused();
    }

    /** Its newest checkpoint stands, if it is not that of the pause. */
    @Override
    public RunPhase interrupted() {
      return new Paused();
    }
  }

  /** Holds nothing but its files. */
  record Paused() implements RunPhase {
    @Override
    public Optional<RunState> state() {
      return Optional.of(RunState.PAUSED);
    }

    @Override
    public Map<RunCommand, Optional<LifecycleEvent>> allowed() {
      return Map.of(
          RunCommand.RESUME, Optional.of(new LifecycleEvent.Resumed()),
          RunCommand.CANCEL, Optional.of(new LifecycleEvent.CancelRequested()),
          RunCommand.PAUSE, SO_ALREADY);
    }

    @Override
    public RunPhase resumed() {
      return new Queued(false);
    }

    @Override
    public RunPhase cancelRequested() {
      return new Cancelled();
    }
  }

  /** Ends without a result, unless it was done before it heard. */
  record Cancelling() implements Active {
    @Override
    public Optional<RunState> state() {
      return Optional.of(RunState.CANCELLING);
    }

    @Override
    public Map<RunCommand, Optional<LifecycleEvent>> allowed() {
      return Map.of(RunCommand.CANCEL, SO_ALREADY);
    }

    @Override
    public LifecycleEvent ended(AttemptEnd end, long term, String why) {
      return end instanceof AttemptEnd.Completed
          ? Active.super.ended(end, term, why)
          : new LifecycleEvent.Cancelled();
    }

    @Override
    public RunPhase ready() {
      return this;
    }

    @Override
    public RunPhase cancelled() {
      return new Cancelled();
    }

    @Override
    public RunPhase interrupted() {
      return new Cancelled();
    }
  }

  /** All files are written. */
  record Completed() implements RunPhase {
    @Override
    public Optional<RunState> state() {
      return Optional.of(RunState.COMPLETED);
    }

    @Override
    public Map<RunCommand, Optional<LifecycleEvent>> allowed() {
      return Map.of(RunCommand.DELETE, Optional.of(new LifecycleEvent.Deleted()));
    }

    @Override
    public RunPhase deleted() {
      return new Deleted();
    }
  }

  /** Ended by an error. */
  record Failed() implements RunPhase {
    @Override
    public Optional<RunState> state() {
      return Optional.of(RunState.FAILED);
    }

    @Override
    public Map<RunCommand, Optional<LifecycleEvent>> allowed() {
      return Map.of(
          RunCommand.RESUME, Optional.of(new LifecycleEvent.Resumed()),
          RunCommand.DELETE, Optional.of(new LifecycleEvent.Deleted()));
    }

    @Override
    public RunPhase resumed() {
      return new Queued(false);
    }

    @Override
    public RunPhase deleted() {
      return new Deleted();
    }
  }

  /** Ended on request without a result. */
  record Cancelled() implements RunPhase {
    @Override
    public Optional<RunState> state() {
      return Optional.of(RunState.CANCELLED);
    }

    @Override
    public Map<RunCommand, Optional<LifecycleEvent>> allowed() {
      return Map.of(
          RunCommand.CANCEL,
          SO_ALREADY,
          RunCommand.DELETE,
          Optional.of(new LifecycleEvent.Deleted()));
    }

    @Override
    public RunPhase deleted() {
      return new Deleted();
    }
  }

  /** Forgotten; its rows are purged next. */
  record Deleted() implements RunPhase {
    @Override
    public Optional<RunState> state() {
      return Optional.empty();
    }
  }
}
