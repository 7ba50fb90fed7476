package io.espalier.service;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Status of a run. Names are stored: none may change.
 *
 * @param waitsFor why a queued run does not start yet
 * @param term number of the latest attempt; 0 before the first
 * @param node of the latest coordinator
 * @param step completed steps, or rounds of a federation
 * @param totalSteps absent until an attempt has read data and network
 * @param accuracy of the newest evaluation, 0 to 1
 * @param bitsPerCharacter of the newest evaluation, where the next token of a text is learned
 * @param sparsity 0 to 1
 * @param gateway address for clients of a federation, while it runs
 * @param owner absent where a version without owners recorded the run
 * @param project that of runs without one is {@link Ownership#DEFAULT_PROJECT}
 */
public record RunStatus(
    String run,
    String name,
    RunKind kind,
    RunState state,
    int priority,
    int trainers,
    Instant submitted,
    Instant changed,
    Optional<String> waitsFor,
    long term,
    Optional<String> node,
    long step,
    OptionalLong totalSteps,
    OptionalLong checkpointStep,
    OptionalDouble accuracy,
    OptionalDouble bitsPerCharacter,
    OptionalDouble sparsity,
    Optional<String> gateway,
    Optional<String> cause,
    Optional<String> owner,
    Optional<String> project) {
  public RunStatus {
    project = project.or(() -> Optional.of(Ownership.DEFAULT_PROJECT));
  }

  /** The status of a run of an unknown owner. */
  public RunStatus(
      String run,
      String name,
      RunKind kind,
      RunState state,
      int priority,
      int trainers,
      Instant submitted,
      Instant changed,
      Optional<String> waitsFor,
      long term,
      Optional<String> node,
      long step,
      OptionalLong totalSteps,
      OptionalLong checkpointStep,
      OptionalDouble accuracy,
      OptionalDouble bitsPerCharacter,
      OptionalDouble sparsity,
      Optional<String> gateway,
      Optional<String> cause) {
    this(
        run,
        name,
        kind,
        state,
        priority,
        trainers,
        submitted,
        changed,
        waitsFor,
        term,
        node,
        step,
        totalSteps,
        checkpointStep,
        accuracy,
        bitsPerCharacter,
        sparsity,
        gateway,
        cause,
        Optional.empty(),
        Optional.empty());
  }

  /** The status of a run that has just been submitted. */
  public static RunStatus queued(
      String run, String name, RunKind kind, int priority, int trainers, Instant submitted) {
    return new RunStatus(
        run,
        name,
        kind,
        RunState.QUEUED,
        priority,
        trainers,
        submitted,
        submitted,
        Optional.empty(),
        0,
        Optional.empty(),
        0,
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public Ownership ownership() {
    return new Ownership(owner, project.orElse(Ownership.DEFAULT_PROJECT));
  }

  public RunStatus waitingFor(Optional<String> reason) {
    return with(reason, cause, ownership());
  }

  public RunStatus withCause(Optional<String> other) {
    return with(waitsFor, other, ownership());
  }

  public RunStatus of(Ownership whose) {
    return with(waitsFor, cause, whose);
  }

  private RunStatus with(Optional<String> reason, Optional<String> failure, Ownership whose) {
    return new RunStatus(
        run,
        name,
        kind,
        state,
        priority,
        trainers,
        submitted,
        changed,
        reason,
        term,
        node,
        step,
        totalSteps,
        checkpointStep,
        accuracy,
        bitsPerCharacter,
        sparsity,
        gateway,
        failure,
        whose.owner(),
        Optional.of(whose.project()));
  }
}
