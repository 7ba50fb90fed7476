package io.espalier.service.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Progress of a run by its events. Names are stored: none may change.
 *
 * @param attempt start of its latest attempt
 * @param totalSteps known once an attempt has read its data
 * @param fruitless consecutive attempts that were cut off before a checkpoint
 * @param crashes those of them whose own process died
 */
record RunProgress(
    @JsonProperty("reign") Optional<LifecycleEvent.Started> attempt,
    OptionalLong totalSteps,
    OptionalLong checkpointStep,
    int fruitless,
    Optional<LifecycleEvent.Completed> result,
    Optional<LifecycleEvent.Failed> failure,
    int crashes) {
  public static final RunProgress NONE =
      new RunProgress(
          Optional.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          0,
          Optional.empty(),
          Optional.empty(),
          0);

  /** Number of the latest attempt; 0 before the first. */
  public long term() {
    return attempt.map(LifecycleEvent.Started::term).orElse(0L);
  }

  /** Completed steps that are on disk. */
  long step() {
    long ended =
        result
            .map(LifecycleEvent.Completed::step)
            .or(() -> failure.map(LifecycleEvent.Failed::step))
            .orElse(0L);
    return Math.max(ended, checkpointStep.orElse(0));
  }

  Optional<String> cause() {
    return failure.map(LifecycleEvent.Failed::cause);
  }

  OptionalDouble accuracy() {
    return result.stream().mapToDouble(LifecycleEvent.Completed::accuracy).findAny();
  }

  OptionalDouble bitsPerCharacter() {
    return result.map(LifecycleEvent.Completed::bitsPerCharacter).orElse(OptionalDouble.empty());
  }

  OptionalDouble sparsity() {
    return result.stream().mapToDouble(LifecycleEvent.Completed::sparsity).findAny();
  }

  RunProgress after(LifecycleEvent event) {
    if (event instanceof LifecycleEvent.Started started) {
      return started(started);
    }
    if (event instanceof LifecycleEvent.Ready ready) {
      return new RunProgress(
          attempt,
          OptionalLong.of(ready.totalSteps()),
          checkpointStep,
          fruitless,
          result,
          failure,
          crashes);
    }
    if (event instanceof LifecycleEvent.Checkpointed checkpointed) {
      return checkpointed(checkpointed.step());
    }
    if (event instanceof LifecycleEvent.Paused paused) {
      return checkpointed(paused.step());
    }
    if (event instanceof LifecycleEvent.Interrupted interrupted && !interrupted.orderly()) {
      return new RunProgress(
          attempt,
          totalSteps,
          checkpointStep,
          fruitless + 1,
          result,
          failure,
          crashes + (interrupted.crashed() ? 1 : 0));
    }
    if (event instanceof LifecycleEvent.Completed completed) {
      return new RunProgress(
          attempt, totalSteps, checkpointStep, 0, Optional.of(completed), Optional.empty(), 0);
    }
    if (event instanceof LifecycleEvent.Failed failed) {
      return new RunProgress(
          attempt, totalSteps, checkpointStep, fruitless, result, Optional.of(failed), crashes);
    }
    return event instanceof LifecycleEvent.Resumed
        ? new RunProgress(attempt, totalSteps, checkpointStep, 0, result, Optional.empty(), 0)
        : this;
  }

  private RunProgress started(LifecycleEvent.Started next) {
    if (next.term() <= term()) {
      throw new IllegalStateException(
          "a term must rise: before=%d, now=%d".formatted(term(), next.term()));
    }
    return new RunProgress(
        Optional.of(next), totalSteps, checkpointStep, fruitless, result, failure, crashes);
  }

  private RunProgress checkpointed(long step) {
    return new RunProgress(attempt, totalSteps, OptionalLong.of(step), 0, result, failure, 0);
  }
}
