package io.espalier.service.run;

import io.espalier.service.RunKind;
import java.time.Instant;

/**
 * A run as it is queued and started. Names are stored: none may change.
 *
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
  public long totalMemoryMb() {
    return (long) trainers * memoryMb;
  }

  public RunSpec withoutRecipe() {
    return new RunSpec(name, kind, "", priority, trainers, memoryMb, together, submitted);
  }
}
