package io.espalier.service.run;

import io.espalier.configs.fault.Backoff;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RefusedRequestException.Reason;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.ServiceMessage;
import io.espalier.training.RunResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * The state of a run after its events. Names are stored: none may change. Immutable.
 *
 * @param spec absent before the submission
 * @param revision events so far
 * @param writer incarnation of the node that wrote the latest
 */
public record JournaledRun(
    String id,
    Optional<RunSpec> spec,
    RunPhase phase,
    RunProgress course,
    LifecycleHistory history,
    long revision,
    String writer,
    Instant changed)
    implements ServiceMessage {
  private static final int MOST_FRUITLESS = 20;
  private static final int MOST_CRASHES = 2;

  /** Long enough for a service to take requests before the run breaks it again. */
  private static final Duration FIRST_WAIT = Duration.ofSeconds(5);

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  public record Recorded(Instant time, String writer, LifecycleEvent event)
      implements ServiceMessage {}

  public static JournaledRun unsubmitted(String id) {
    return new JournaledRun(
        id,
        Optional.empty(),
        new RunPhase.Unsubmitted(),
        RunProgress.NONE,
        LifecycleHistory.NONE,
        0,
        "",
        Instant.EPOCH);
  }

  /**
   * Returns the run after an event.
   *
   * @throws IllegalStateException if the event is illegal in its phase
   */
  public JournaledRun after(Recorded recorded) {
    LifecycleEvent event = recorded.event();
    RunPhase next = phase.after(event);
    Optional<RunSpec> known =
        event instanceof LifecycleEvent.Submitted submitted ? Optional.of(submitted.spec()) : spec;
    return new JournaledRun(
        id,
        known,
        next,
        course.after(event),
        next.state().map(state -> history.with(recorded.time(), event, state)).orElse(history),
        revision + 1,
        recorded.writer(),
        recorded.time());
  }

  /**
   * The event of an action; empty if the run already meets it.
   *
   * @throws RefusedRequestException if it is impossible in this state
   */
  Optional<LifecycleEvent> answer(RunAction action) {
    Optional<RunState> state = phase.state();
    if (state.isEmpty()) {
      throw RefusedRequestException.noSuchRun(id);
    }
    return Optional.ofNullable(phase.allowed().get(action))
        .orElseThrow(() -> notInThisState(action, state.get()));
  }

  boolean hasAttempt() {
    return phase instanceof RunPhase.Active;
  }

  boolean ended() {
    return phase.state().map(RunState::isEnded).orElse(true);
  }

  boolean ahead() {
    return phase instanceof RunPhase.Queued queued && queued.ahead();
  }

  RunStatus status(Optional<RunLauncher.Progress> progress) {
    RunSpec known = spec.orElseThrow();
    return new RunStatus(
        id,
        known.name(),
        known.kind(),
        new RunStatus.Standing(
            phase.state().orElse(RunState.CANCELLED), changed, Optional.empty(), course.cause()),
        known.request(),
        new RunStatus.Attempt(
            course.term(),
            course.attempt().map(LifecycleEvent.Started::node),
            course
                .attempt()
                .filter(begun -> hasAttempt())
                .flatMap(LifecycleEvent.Started::gateway)),
        new RunStatus.Reached(
            Math.max(course.step(), progress.map(RunLauncher.Progress::step).orElse(0L)),
            course.totalSteps(),
            course.checkpointStep(),
            progress.map(RunLauncher.Progress::accuracy).orElseGet(course::accuracy),
            progress
                .map(RunLauncher.Progress::bitsPerCharacter)
                .orElseGet(course::bitsPerCharacter),
            progress.map(now -> OptionalDouble.of(now.sparsity())).orElseGet(course::sparsity)));
  }

  /** The event of the end of its attempt; {@code why} is the cause of an unrequested end. */
  LifecycleEvent ended(RunResult result, String why) {
    if (result instanceof RunResult.NodeLost lost) {
      return cutOff(lost.cause());
    }
    if (result instanceof RunResult.Crashed crashed) {
      return crashed(crashed.cause());
    }
    if (result instanceof RunResult.Finished finished) {
      return new LifecycleEvent.Completed(
          finished.step(), finished.accuracy(), finished.sparsity(), finished.bitsPerCharacter());
    }
    if (phase instanceof RunPhase.Cancelling) {
      return new LifecycleEvent.Cancelled();
    }
    if (result instanceof RunResult.Failed failed) {
      return new LifecycleEvent.Failed(failed.step(), failed.cause());
    }
    if (result instanceof RunResult.Fenced fenced) {
      return new LifecycleEvent.Failed(
          0,
          "one attempt at a time may work on a run's directory: latest term=%d; resume the run once that attempt has ended"
              .formatted(fenced.by()));
    }
    if (result instanceof RunResult.Interrupted interrupted) {
      return new LifecycleEvent.Interrupted(course.term(), interrupted.cause(), true);
    }
    boolean paused = result instanceof RunResult.Paused;
    return paused && phase instanceof RunPhase.Pausing
        ? new LifecycleEvent.Paused(((RunResult.Paused) result).step())
        : new LifecycleEvent.Interrupted(course.term(), why, paused);
  }

  /** The event of a lost attempt; too many of them end the run. */
  LifecycleEvent cutOff(String why) {
    return goesOn() && course.fruitless() >= MOST_FRUITLESS
        ? new LifecycleEvent.Failed(
            course.step(),
            "attempts must reach a checkpoint: %d in a row were cut off before one, the last because: %s; resume it once that is mended"
                .formatted(course.fruitless() + 1, why))
        : new LifecycleEvent.Interrupted(course.term(), why, false);
  }

  /**
   * The event of an attempt whose service died. One that started within it may be the cause: what
   * ends a process does so while it reads recipe, data and tokenizer.
   */
  LifecycleEvent cutOffByService(String why) {
    return phase instanceof RunPhase.Starting && isWithin() ? crashed(why) : cutOff(why);
  }

  private boolean isWithin() {
    return course.attempt().filter(LifecycleEvent.Started::within).isPresent();
  }

  /**
   * The event of an attempt that ended its process; two in a row without a checkpoint end the run.
   */
  private LifecycleEvent crashed(String why) {
    return goesOn() && course.crashes() + 1 >= MOST_CRASHES
        ? new LifecycleEvent.Failed(
            course.step(),
            "an attempt must not end its process before a checkpoint: %d in a row did, the last because: %s; resume the run once that is mended"
                .formatted(course.crashes() + 1, why))
        : new LifecycleEvent.Interrupted(course.term(), why, false, true);
  }

  private boolean goesOn() {
    return phase instanceof RunPhase.Starting || phase instanceof RunPhase.Running;
  }

  /**
   * How long a queued run waits whose attempts died before a checkpoint: from the first one whose
   * own process died, from the second one that was lost with its node.
   */
  Optional<Duration> backOff() {
    int deaths = Math.max(course.crashes(), course.fruitless() - 1);
    if (!(phase instanceof RunPhase.Queued) || deaths <= 0) {
      return Optional.empty();
    }
    Backoff waits = Backoff.exponential(FIRST_WAIT, LONGEST_WAIT);
    Duration wait = waits.next();
    for (int death = 1; death < deaths; death++) {
      wait = waits.next();
    }
    return Optional.of(wait);
  }

  /** Why a run that waits so long does. */
  String backOffCause(Duration wait) {
    return "waits %d s, as the %s of its last attempt died before a checkpoint (%d in a row)"
        .formatted(
            wait.toSeconds(),
            course.crashes() > 0 && !isWithin() ? "worker" : "service",
            course.fruitless());
  }

  List<TrainersOnNode> trainers() {
    return hasAttempt()
        ? course.attempt().map(LifecycleEvent.Started::trainers).orElse(List.of())
        : List.of();
  }

  private RefusedRequestException notInThisState(RunAction action, RunState state) {
    String allowed =
        phase.allowed().keySet().stream()
            .map(RunAction::toString)
            .sorted()
            .collect(Collectors.joining(", "));
    return new RefusedRequestException(
        Reason.NOT_IN_THIS_STATE,
        "%s must be possible in the run's state: run=%s, state=%s; possible now: %s"
            .formatted(action, id, state.name().toLowerCase(Locale.ROOT), allowed));
  }
}
