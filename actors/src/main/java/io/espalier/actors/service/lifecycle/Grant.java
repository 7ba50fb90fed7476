package io.espalier.actors.service.lifecycle;

import java.util.List;
import java.util.Optional;

/**
 * What the scheduler gives a run for one attempt.
 *
 * @param node of the coordinator: that of the run's entity
 * @param placements where its trainers go, in trainer order
 * @param gateway address that a federation listens at
 */
public record Grant(String node, List<Placement> placements, Optional<String> gateway) {
  public Grant {
    placements = List.copyOf(placements);
  }

  /** Some trainers on one node. */
  public record Placement(String node, int trainers) {}
}
