package io.espalier.service.run;

import java.util.List;
import java.util.Optional;

/**
 * The room that the scheduler grants a run for one attempt.
 *
 * @param node of the coordinator: that of the run's entity
 * @param placements in trainer order
 */
record AttemptGrant(String node, List<TrainersOnNode> placements, Optional<String> gateway) {
  public AttemptGrant {
    placements = List.copyOf(placements);
  }
}
