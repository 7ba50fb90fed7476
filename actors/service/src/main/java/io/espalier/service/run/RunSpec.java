package io.espalier.service.run;

import io.espalier.service.RunKind;
import java.time.Instant;

/**
 * What a run needs to be queued and started.
 *
 * @param name that the recipe gives
 * @param recipe resolved, with every default spelled out
 * @param priority larger goes first
 * @param trainers cores that it takes while it runs
 * @param memoryMb of each trainer, in MB
 * @param together whether its trainers must be on its coordinator's node
 */
public record RunSpec(
    String name,
    RunKind kind,
    String recipe,
    int priority,
    int trainers,
    int memoryMb,
    boolean together,
    Instant submitted) {
  /** Of all trainers together. */
  public long totalMemoryMb() {
    return (long) trainers * memoryMb;
  }

  /** For books that only count. */
  public RunSpec withoutRecipe() {
    return new RunSpec(name, kind, "", priority, trainers, memoryMb, together, submitted);
  }
}
