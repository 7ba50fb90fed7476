package io.espalier.service.run;

import io.espalier.service.RunState;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One row of the table below: the possible events of a phase.
 *
 * @param state that users see
 * @param met actions without an event, as they are met already
 * @param next phase by event
 */
record RunTransitions(
    Class<? extends RunPhase> phase,
    Optional<RunState> state,
    Set<RunAction> met,
    Map<Class<? extends LifecycleEvent>, RunPhase> next) {
  private static final RunPhase QUEUED = new RunPhase.Queued(false);
  private static final RunPhase AHEAD = new RunPhase.Queued(true);
  private static final RunPhase RUNNING = new RunPhase.Running();
  private static final RunPhase PAUSING = new RunPhase.Pausing();
  private static final RunPhase PAUSED = new RunPhase.Paused();
  private static final RunPhase CANCELLING = new RunPhase.Cancelling();
  private static final RunPhase COMPLETED = new RunPhase.Completed();
  private static final RunPhase FAILED = new RunPhase.Failed();
  private static final RunPhase CANCELLED = new RunPhase.Cancelled();
  private static final RunPhase DELETED = new RunPhase.Deleted();

  private static final Map<RunAction, LifecycleEvent> EVENTS =
      Map.of(
          RunAction.PAUSE, new LifecycleEvent.PauseRequested(),
          RunAction.RESUME, new LifecycleEvent.Resumed(),
          RunAction.CANCEL, new LifecycleEvent.CancelRequested(),
          RunAction.DELETE, new LifecycleEvent.Deleted());

  private static final Map<Class<? extends RunPhase>, RunTransitions> TABLE =
      Stream.of(
              new RunTransitions(
                  RunPhase.Unsubmitted.class,
                  Optional.empty(),
                  Set.of(),
                  Map.of(LifecycleEvent.Submitted.class, QUEUED)),
              row(
                  RunPhase.Queued.class,
                  RunState.QUEUED,
                  Set.of(RunAction.RESUME),
                  Map.of(
                      LifecycleEvent.Started.class, new RunPhase.Starting(),
                      LifecycleEvent.PauseRequested.class, PAUSED,
                      LifecycleEvent.CancelRequested.class, CANCELLED,
                      LifecycleEvent.Failed.class, FAILED)),
              row(
                  RunPhase.Starting.class,
                  RunState.STARTING,
                  Set.of(RunAction.CHECKPOINT, RunAction.RESUME),
                  Map.of(
                      LifecycleEvent.Ready.class, RUNNING,
                      LifecycleEvent.Checkpointed.class, new RunPhase.Starting(),
                      LifecycleEvent.PauseRequested.class, PAUSING,
                      LifecycleEvent.CancelRequested.class, CANCELLING,
                      LifecycleEvent.Interrupted.class, AHEAD)),
              row(
                  RunPhase.Running.class,
                  RunState.RUNNING,
                  Set.of(RunAction.CHECKPOINT, RunAction.RESUME),
                  Map.of(
                      // A write may succeed and be reported as failed: then it is repeated.
                      LifecycleEvent.Ready.class, RUNNING,
                      LifecycleEvent.Checkpointed.class, RUNNING,
                      LifecycleEvent.PauseRequested.class, PAUSING,
                      LifecycleEvent.CancelRequested.class, CANCELLING,
                      LifecycleEvent.Interrupted.class, AHEAD)),
              row(
                  RunPhase.Pausing.class,
                  RunState.PAUSING,
                  Set.of(RunAction.CHECKPOINT, RunAction.PAUSE),
                  Map.of(
                      LifecycleEvent.Ready.class, PAUSING,
                      LifecycleEvent.Checkpointed.class, PAUSING,
                      LifecycleEvent.CancelRequested.class, CANCELLING,
                      LifecycleEvent.Paused.class, PAUSED,
                      // The newest checkpoint stands, if it is not that of the pause.
                      LifecycleEvent.Interrupted.class, PAUSED)),
              row(
                  RunPhase.Paused.class,
                  RunState.PAUSED,
                  Set.of(RunAction.PAUSE),
                  Map.of(
                      LifecycleEvent.Resumed.class, QUEUED,
                      LifecycleEvent.CancelRequested.class, CANCELLED)),
              row(
                  RunPhase.Cancelling.class,
                  RunState.CANCELLING,
                  Set.of(RunAction.CANCEL),
                  Map.of(
                      LifecycleEvent.Ready.class, CANCELLING,
                      LifecycleEvent.Checkpointed.class, CANCELLING,
                      LifecycleEvent.Cancelled.class, CANCELLED,
                      LifecycleEvent.Interrupted.class, CANCELLED)),
              row(
                  RunPhase.Completed.class,
                  RunState.FINISHED,
                  Set.of(),
                  Map.of(LifecycleEvent.Deleted.class, DELETED)),
              row(
                  RunPhase.Failed.class,
                  RunState.FAILED,
                  Set.of(),
                  Map.of(
                      LifecycleEvent.Resumed.class, QUEUED,
                      LifecycleEvent.Deleted.class, DELETED)),
              row(
                  RunPhase.Cancelled.class,
                  RunState.CANCELLED,
                  Set.of(RunAction.CANCEL),
                  Map.of(LifecycleEvent.Deleted.class, DELETED)),
              new RunTransitions(RunPhase.Deleted.class, Optional.empty(), Set.of(), Map.of()))
          .collect(Collectors.toUnmodifiableMap(RunTransitions::phase, Function.identity()));

  private static RunTransitions row(
      Class<? extends RunPhase> phase,
      RunState state,
      Set<RunAction> met,
      Map<Class<? extends LifecycleEvent>, RunPhase> next) {
    Map<Class<? extends LifecycleEvent>, RunPhase> all = new HashMap<>(next);
    if (state.hasAttempt()) {
      all.put(LifecycleEvent.Completed.class, COMPLETED);
      all.put(LifecycleEvent.Failed.class, FAILED);
    }
    return new RunTransitions(phase, Optional.of(state), met, Map.copyOf(all));
  }

  static RunTransitions of(RunPhase phase) {
    return Objects.requireNonNull(TABLE.get(phase.getClass()));
  }

  Optional<RunPhase> after(LifecycleEvent event) {
    return Optional.ofNullable(next.get(event.getClass()));
  }

  Map<RunAction, Optional<LifecycleEvent>> allowed() {
    Map<RunAction, Optional<LifecycleEvent>> allowed = new EnumMap<>(RunAction.class);
    EVENTS.forEach(
        (action, event) -> {
          if (next.containsKey(event.getClass())) {
            allowed.put(action, Optional.of(event));
          }
        });
    met.forEach(action -> allowed.put(action, Optional.empty()));
    return allowed;
  }
}
