package io.espalier.service.run;

import java.util.List;
import java.util.Optional;

/**
 * What the scheduler gives a run for one attempt.
 *
 * @param node of the coordinator: that of the run's entity
 * @param placements where its trainers go, in trainer order
 * @param gateway address that a federation listens at
 */
record AttemptGrant(String node, List<TrainersOnNode> placements, Optional<String> gateway) {
  public AttemptGrant {
    placements = List.copyOf(placements);
  }
}
