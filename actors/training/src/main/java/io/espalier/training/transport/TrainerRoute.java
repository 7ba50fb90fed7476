package io.espalier.training.transport;

import java.util.Optional;

/** How the lives of trainers reach their coordinator. */
@FunctionalInterface
public interface TrainerRoute {
  /** The trainer's end of a lane for a new life. */
  Opened open(long term, int trainer, int incarnation);

  /**
   * A lane.
   *
   * @param key that the coordinator must be told; empty within one process
   */
  record Opened(Lane lane, Optional<LaneKey> key) {}

  /** To a coordinator of the same process. */
  static TrainerRoute within(Transport transport) {
    return (term, trainer, incarnation) -> new Opened(transport.lane(), Optional.empty());
  }

  /**
   * To a coordinator on another node.
   *
   * @param coordinator UDP address of its node
   */
  static TrainerRoute between(UdpTransport transport, String coordinator) {
    return (term, trainer, incarnation) -> {
      LaneKey key = transport.newKey();
      return new Opened(
          transport.toCoordinator(key, term, trainer, incarnation, coordinator), Optional.of(key));
    };
  }
}
