package io.espalier.training.run;

import akka.actor.typed.ActorSystem;
import io.espalier.training.Placement;

/** Where an attempt at a run takes place. */
public sealed interface RunEnvironment {
  /** In a process of its own, which counts the run's terms in its directory. */
  record Alone() implements RunEnvironment {}

  /**
   * In a service, beside other runs.
   *
   * @param system in which the run's actors live
   * @param term that the service's journal issued for this attempt
   * @param broker that all runs of the process ship to
   * @param placement where the run's trainers live
   */
  record InService(ActorSystem<?> system, long term, BrokerLease broker, Placement placement)
      implements RunEnvironment {
    /** With all trainers on this node. */
    public InService(ActorSystem<?> system, long term, BrokerLease broker) {
      this(system, term, broker, Placement.LOCAL);
    }
  }
}
