package io.espalier.training;

import akka.actor.typed.ActorRef;
import io.espalier.training.CoordinatorMessage.JoinTrainer;
import io.espalier.training.transport.Lane;
import io.espalier.training.transport.Transport;
import io.espalier.training.transport.UdpTransport;
import java.util.Map;
import java.util.Optional;

/**
 * The nodes of a run's trainers.
 *
 * @param hosts of trainers on other nodes than the coordinator's, by trainer
 * @param transport of the coordinator's node; present if any trainer is on another
 */
public record Placement(
    Map<Integer, ActorRef<TrainerHost.Command>> hosts, Optional<UdpTransport> transport) {
  public static final Placement LOCAL = new Placement(Map.of(), Optional.empty());

  public Placement {
    hosts = Map.copyOf(hosts);
    if (!hosts.isEmpty() && transport.isEmpty()) {
      throw new IllegalArgumentException(
          "trainers on other nodes must have a transport: trainers=" + hosts.keySet());
    }
  }

  /** The host of a trainer; empty for one beside its coordinator. */
  public Optional<ActorRef<TrainerHost.Command>> host(int trainer) {
    return Optional.ofNullable(hosts.get(trainer));
  }

  /** The lane to a trainer that joins: of this process, or to its node. */
  Lane lane(JoinTrainer message, Transport local) {
    if (message.key().isEmpty()) {
      return local.lane();
    }
    return transport
        .orElseThrow(
            () -> new IllegalStateException("a run on one node must have its trainers there"))
        .toTrainer(message.key().get(), message.term(), message.trainer(), message.incarnation());
  }
}
