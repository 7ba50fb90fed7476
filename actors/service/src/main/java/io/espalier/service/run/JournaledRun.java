package io.espalier.service.run;

import io.espalier.service.RefusedRequestException;
import io.espalier.service.RefusedRequestException.Reason;
import io.espalier.service.RunState;
import io.espalier.service.RunStatus;
import io.espalier.service.ServiceMessage;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * All that the events of one run add up to: {@link #after} folds them, {@link #answer} decides what
 * is asked. Immutable.
 *
 * @param spec absent before the submission
 * @param revision events so far
 * @param writer incarnation of the node that wrote the latest
 * @param changed when the latest happened
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

  /** An event with what the journal says of it. */
  public record Recorded(Instant time, String writer, LifecycleEvent event)
      implements ServiceMessage {}

  /** A run that nobody has submitted yet. */
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
   * The run after one more event.
   *
   * @throws IllegalStateException if that cannot happen to it
   */
  public JournaledRun after(Recorded recorded) {
    LifecycleEvent event = recorded.event();
    RunPhase next = event.after(phase);
    Optional<RunSpec> known =
        event instanceof LifecycleEvent.Submitted submitted ? Optional.of(submitted.spec()) : spec;
    return new JournaledRun(
        id,
        known,
        next,
        event.tell(course),
        next.state().map(state -> history.with(recorded.time(), event, state)).orElse(history),
        revision + 1,
        recorded.writer(),
        recorded.time());
  }

  /**
   * What a request brings about; empty if it is so already.
   *
   * @throws RefusedRequestException if it cannot be done in this state
   */
  public Optional<LifecycleEvent> answer(RunCommand request) {
    Optional<RunState> state = phase.state();
    if (state.isEmpty()) {
      throw new RefusedRequestException(
          Reason.NO_SUCH_RUN, "a run must exist: run=" + id + "; list the runs to see their ids");
    }
    return Optional.ofNullable(phase.allowed().get(request))
        .orElseThrow(() -> notInThisState(request, state.get()));
  }

  /** Whether an attempt is on its way, as far as the events tell. */
  public boolean hasAttempt() {
    return phase instanceof RunPhase.Active;
  }

  public boolean ended() {
    return phase.state().map(RunState::isEnded).orElse(true);
  }

  /** Whether the run goes ahead of its priority class. */
  public boolean ahead() {
    return phase instanceof RunPhase.Queued queued && queued.ahead();
  }

  /** How the run stands; of a submitted one only. */
  public RunStatus status(Optional<AttemptProgress> progress) {
    RunSpec known = spec.orElseThrow();
    return new RunStatus(
        id,
        known.name(),
        known.kind(),
        phase.state().orElse(RunState.CANCELLED),
        known.priority(),
        known.trainers(),
        known.submitted(),
        changed,
        Optional.empty(),
        course.term(),
        course.reign().map(LifecycleEvent.Started::node),
        Math.max(course.step(), progress.map(AttemptProgress::step).orElse(0L)),
        course.totalSteps(),
        course.checkpointStep(),
        progress.map(AttemptProgress::accuracy).orElseGet(course::accuracy),
        progress.map(told -> OptionalDouble.of(told.sparsity())).orElseGet(course::sparsity),
        hasAttempt() ? course.reign().flatMap(LifecycleEvent.Started::gateway) : Optional.empty(),
        course.cause());
  }

  /** The event that tells of the end of its attempt, of which there must be one. */
  LifecycleEvent ended(AttemptEnd end, String why) {
    return end instanceof AttemptEnd.NodeLost lost
        ? cutOff(lost.cause())
        : ((RunPhase.Active) phase).ended(end, course.term(), why);
  }

  /** The event that tells that its attempt was cut off; the last of too many ends the run. */
  LifecycleEvent cutOff(String why) {
    boolean goesOn = phase instanceof RunPhase.Starting || phase instanceof RunPhase.Running;
    return goesOn && course.fruitless() >= MOST_FRUITLESS
        ? new LifecycleEvent.Failed(
            course.step(),
            "attempts must reach a checkpoint: %d in a row were cut off before one, the last because: %s; resume it once that is mended"
                .formatted(course.fruitless() + 1, why))
        : new LifecycleEvent.Interrupted(course.term(), why, false);
  }

  /** Where the trainers of its attempt are; empty without one. */
  List<TrainersOnNode> trainers() {
    return hasAttempt()
        ? course.reign().map(LifecycleEvent.Started::trainers).orElse(List.of())
        : List.of();
  }

  private RefusedRequestException notInThisState(RunCommand request, RunState state) {
    String allowed =
        phase.allowed().keySet().stream()
            .map(RunCommand::toString)
            .sorted()
            .collect(Collectors.joining(", "));
    return new RefusedRequestException(
        Reason.NOT_IN_THIS_STATE,
        "%s must be possible in the run's state: run=%s, state=%s; possible now: %s"
            .formatted(request, id, state.name().toLowerCase(Locale.ROOT), allowed));
  }
}
