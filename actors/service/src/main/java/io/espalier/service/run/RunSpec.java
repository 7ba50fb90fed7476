package io.espalier.service.run;

import io.espalier.service.Ownership;
import io.espalier.service.Quotas;
import io.espalier.service.RunKind;
import io.espalier.service.RunStatus;
import io.espalier.service.Submitter;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A run as it is queued and started. Names are stored: none may change.
 *
 * @param recipe resolved, with every default spelled out
 * @param priority larger goes first
 * @param trainers cores that it takes while it runs
 * @param memoryMb of each trainer, in MB
 * @param together whether its trainers must be on its coordinator's node
 * @param ownership absent where a version without owners recorded the run
 * @param trainerLimits absent where none holds for the run
 */
public record RunSpec(
    String name,
    RunKind kind,
    String recipe,
    int priority,
    int trainers,
    int memoryMb,
    boolean together,
    Instant submitted,
    Optional<Ownership> ownership,
    Optional<TrainerLimits> trainerLimits) {
  /**
   * The most trainers in use at once when the run was submitted: of its owner, and of its project.
   */
  public record TrainerLimits(OptionalLong owner, OptionalLong project) {}

  /** A run of an unknown owner. */
  public RunSpec(
      String name,
      RunKind kind,
      String recipe,
      int priority,
      int trainers,
      int memoryMb,
      boolean together,
      Instant submitted) {
    this(
        name,
        kind,
        recipe,
        priority,
        trainers,
        memoryMb,
        together,
        submitted,
        Optional.empty(),
        Optional.empty());
  }

  /** Returns this run as one of a submitter. */
  public RunSpec of(Submitter submitter) {
    Quotas quotas = submitter.quotas();
    return with(
        recipe,
        Optional.of(submitter.ownership()),
        Optional.of(new TrainerLimits(quotas.owner().trainers(), quotas.project().trainers())));
  }

  RunStatus.Request request() {
    return new RunStatus.Request(
        priority, trainers, submitted, whose().owner(), Optional.of(whose().project()));
  }

  public Ownership whose() {
    return ownership.orElse(Ownership.UNKNOWN);
  }

  public long totalMemoryMb() {
    return (long) trainers * memoryMb;
  }

  public RunSpec withoutRecipe() {
    return with("", ownership, trainerLimits);
  }

  private RunSpec with(String text, Optional<Ownership> owned, Optional<TrainerLimits> limits) {
    return new RunSpec(
        name, kind, text, priority, trainers, memoryMb, together, submitted, owned, limits);
  }
}
