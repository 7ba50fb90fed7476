package io.espalier.service;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How a run stands.
 *
 * @param run its id: names its directory, its events and its address in the API
 * @param name that the recipe gives
 * @param waitsFor why a queued run does not start yet, in words
 * @param term reign of its coordinator: the number of its latest attempt, 0 before the first
 * @param node where its coordinator is or was last
 * @param step completed steps, or rounds of a federation, as last told
 * @param totalSteps that the run will have; absent until an attempt has read data and network
 * @param checkpointStep of the newest checkpoint
 * @param accuracy of the newest evaluation, a share of 1
 * @param sparsity as last told, a share of 1
 * @param gateway where clients of a federation connect to, while it runs
 * @param cause why it failed
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
    OptionalDouble sparsity,
    Optional<String> gateway,
    Optional<String> cause) {
  /** This status with what a queued run waits for. */
  public RunStatus waitingFor(Optional<String> reason) {
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
        sparsity,
        gateway,
        cause);
  }
}
