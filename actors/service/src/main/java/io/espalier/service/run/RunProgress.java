package io.espalier.service.run;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How far a run has come, as its events tell.
 *
 * @param reign of its latest attempt
 * @param totalSteps that the run will have, once an attempt knows
 * @param checkpointStep of the newest checkpoint
 * @param fruitless attempts in a row that were cut off before a checkpoint
 * @param result of a completed run
 * @param failure of a failed one
 */
record RunProgress(
    Optional<LifecycleEvent.Started> reign,
    OptionalLong totalSteps,
    OptionalLong checkpointStep,
    int fruitless,
    Optional<LifecycleEvent.Completed> result,
    Optional<LifecycleEvent.Failed> failure) {
  /** Nothing has happened yet. */
  public static final RunProgress NONE =
      new RunProgress(
          Optional.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          0,
          Optional.empty(),
          Optional.empty());

  /** Number of the latest attempt; 0 before the first. */
  public long term() {
    return reign.map(LifecycleEvent.Started::term).orElse(0L);
  }

  /** Completed steps that are known for sure. */
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

  OptionalDouble sparsity() {
    return result.stream().mapToDouble(LifecycleEvent.Completed::sparsity).findAny();
  }

  RunProgress withReign(LifecycleEvent.Started next) {
    if (next.term() <= term()) {
      throw new IllegalStateException(
          "a term must rise: before=%d, now=%d".formatted(term(), next.term()));
    }
    return new RunProgress(
        Optional.of(next), totalSteps, checkpointStep, fruitless, result, failure);
  }

  RunProgress withTotalSteps(long steps) {
    return new RunProgress(
        reign, OptionalLong.of(steps), checkpointStep, fruitless, result, failure);
  }

  RunProgress withCheckpoint(long step) {
    return new RunProgress(reign, totalSteps, OptionalLong.of(step), 0, result, failure);
  }

  RunProgress interruptedOnceMore() {
    return new RunProgress(reign, totalSteps, checkpointStep, fruitless + 1, result, failure);
  }

  RunProgress withResult(LifecycleEvent.Completed completed) {
    return new RunProgress(
        reign, totalSteps, checkpointStep, 0, Optional.of(completed), Optional.empty());
  }

  RunProgress withFailure(LifecycleEvent.Failed failed) {
    return new RunProgress(
        reign, totalSteps, checkpointStep, fruitless, result, Optional.of(failed));
  }

  RunProgress reopened() {
    return new RunProgress(reign, totalSteps, checkpointStep, 0, result, Optional.empty());
  }
}
