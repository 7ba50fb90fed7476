package io.espalier.training;

import akka.actor.typed.ActorRef;
import io.espalier.training.transport.UdpTransport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the trainers of a run live.
 *
 * @param hosts of those on other nodes than the coordinator, by trainer
 * @param transport of the coordinator's node; there if any trainer is elsewhere
 */
public record Placement(
    Map<Integer, ActorRef<TrainerHost.Command>> hosts, Optional<UdpTransport> transport) {
  /** All beside their coordinator. */
  public static final Placement LOCAL = new Placement(Map.of(), Optional.empty());

  public Placement {
    hosts = Map.copyOf(hosts);
    if (!hosts.isEmpty() && transport.isEmpty()) {
      throw new IllegalArgumentException(
          "trainers on other nodes must have a transport: trainers=" + hosts.keySet());
    }
  }

  /**
   * Trainers dealt to hosts in turn.
   *
   * @param hosts as {@link TrainerHost#find} gives them, at least one
   */
  public static Placement over(
      List<ActorRef<TrainerHost.Command>> hosts, int trainers, UdpTransport transport) {
    Map<Integer, ActorRef<TrainerHost.Command>> elsewhere = new HashMap<>();
    for (int trainer = 0; trainer < trainers; trainer++) {
      ActorRef<TrainerHost.Command> host = hosts.get(trainer % hosts.size());
      if (TrainerHost.isElsewhere(host)) {
        elsewhere.put(trainer, host);
      }
    }
    return new Placement(elsewhere, Optional.of(transport));
  }

  /** The host of a trainer; empty for one beside its coordinator. */
  public Optional<ActorRef<TrainerHost.Command>> host(int trainer) {
    return Optional.ofNullable(hosts.get(trainer));
  }
}
