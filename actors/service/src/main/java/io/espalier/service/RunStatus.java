package io.espalier.service;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Status of a run. In JSON all parts are one object; names are stored: none may change.
 *
 * @param request with which it was submitted
 * @param attempt the latest
 * @param reached by all attempts
 */
public record RunStatus(
    String run,
    String name,
    RunKind kind,
    @JsonUnwrapped Standing standing,
    @JsonUnwrapped Request request,
    @JsonUnwrapped Attempt attempt,
    @JsonUnwrapped Reached reached) {

  /**
   * The state and why it lasts.
   *
   * @param changed time of the latest change
   * @param waitsFor why a queued run does not start yet
   * @param cause of the latest failure
   */
  public record Standing(
      RunState state, Instant changed, Optional<String> waitsFor, Optional<String> cause) {
    public static Standing of(RunState state, Instant changed) {
      return new Standing(state, changed, Optional.empty(), Optional.empty());
    }
  }

  /**
   * The settings of a submission.
   *
   * @param priority larger goes first
   * @param owner absent where a version without owners recorded the run
   * @param project that of runs without one is {@link Ownership#DEFAULT_PROJECT}
   */
  public record Request(
      int priority,
      int trainers,
      Instant submitted,
      Optional<String> owner,
      Optional<String> project) {
    public Request {
      project = project.or(() -> Optional.of(Ownership.DEFAULT_PROJECT));
    }

    /** The request of an unknown owner. */
    public Request(int priority, int trainers, Instant submitted) {
      this(priority, trainers, submitted, Optional.empty(), Optional.empty());
    }

    public Ownership ownership() {
      return new Ownership(owner, project.orElse(Ownership.DEFAULT_PROJECT));
    }

    private Request of(Ownership whose) {
      return new Request(
          priority, trainers, submitted, whose.owner(), Optional.of(whose.project()));
    }
  }

  /**
   * An attempt at the run.
   *
   * @param term its number; 0 before the first
   * @param node of its coordinator
   * @param gateway address for clients of a federation, while it runs
   */
  public record Attempt(long term, Optional<String> node, Optional<String> gateway) {
    public static final Attempt NONE = new Attempt(0, Optional.empty(), Optional.empty());
  }

  /**
   * How far the run is.
   *
   * @param step completed steps, or rounds of a federation
   * @param totalSteps absent until an attempt has read data and network
   * @param accuracy of the newest evaluation, 0 to 1
   * @param bitsPerCharacter of the newest evaluation, where the next token of a text is learned
   * @param sparsity 0 to 1
   */
  public record Reached(
      long step,
      OptionalLong totalSteps,
      OptionalLong checkpointStep,
      OptionalDouble accuracy,
      OptionalDouble bitsPerCharacter,
      OptionalDouble sparsity) {
    public static final Reached NOTHING =
        new Reached(
            0,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty());
  }

  /** The status of a run that has just been submitted. */
  public static RunStatus queued(String run, String name, RunKind kind, Request request) {
    return new RunStatus(
        run,
        name,
        kind,
        Standing.of(RunState.QUEUED, request.submitted()),
        request,
        Attempt.NONE,
        Reached.NOTHING);
  }

  public RunState state() {
    return standing.state();
  }

  public Ownership ownership() {
    return request.ownership();
  }

  public RunStatus waitingFor(Optional<String> reason) {
    return with(
        new Standing(standing.state(), standing.changed(), reason, standing.cause()), request);
  }

  public RunStatus withCause(Optional<String> other) {
    return with(
        new Standing(standing.state(), standing.changed(), standing.waitsFor(), other), request);
  }

  public RunStatus of(Ownership whose) {
    return with(standing, request.of(whose));
  }

  private RunStatus with(Standing now, Request asked) {
    return new RunStatus(run, name, kind, now, asked, attempt, reached);
  }
}
