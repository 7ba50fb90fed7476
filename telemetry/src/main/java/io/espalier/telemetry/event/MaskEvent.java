package io.espalier.telemetry.event;

import java.util.List;
import java.util.Optional;

/** What the masks keep, for the whole network and per parameter. */
public sealed interface MaskEvent extends Event {
  /**
   * A new mask set is in force on all replicas.
   *
   * @param targetSparsity what the schedule asked for, from 0 to 1
   * @param sparsity what the masks have, from 0 to 1
   * @param kept units kept in all prunable parameters
   * @param parameters every prunable parameter, in layout order
   * @param updateSeconds that the coordinator took to score, allocate and select
   */
  record MasksUpdated(
      long step,
      int maskVersion,
      double targetSparsity,
      double sparsity,
      long kept,
      List<ParameterMasks> parameters,
      double updateSeconds)
      implements MaskEvent {
    public MasksUpdated {
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * One parameter's share of a mask update; all numbers count units.
   *
   * @param target that the allocation asked to keep
   * @param pruned kept before and not now
   * @param regrown kept now and not before
   */
  record ParameterMasks(
      String name, long units, long target, long kept, long pruned, long regrown) {}

  /** The latest mask of one parameter; only the newest one per parameter is promised to survive. */
  record ParameterMaskState(
      String name, long step, int maskVersion, long units, long kept, long pruned, long regrown)
      implements MaskEvent {
    @Override
    public Optional<String> subject() {
      return Optional.of(name);
    }
  }
}
