package io.espalier.service.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an attempt works on.
 *
 * @param run the run's id
 * @param directory of the run; made by the first attempt
 * @param recipe resolved, with every default spelled out
 * @param term reign of this attempt, issued by the journal: acts of lower ones are refused
 * @param trainers where they go, in trainer order
 * @param gateway address that a federation listens at; absent for training
 */
public record AttemptOrder(
    String run,
    Path directory,
    String recipe,
    long term,
    List<TrainersOnNode> trainers,
    Optional<String> gateway) {
  public AttemptOrder {
    trainers = List.copyOf(trainers);
  }
}
