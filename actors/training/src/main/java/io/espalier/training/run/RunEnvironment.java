package io.espalier.training.run;

import akka.actor.typed.ActorSystem;
import io.espalier.training.Placement;

/** Where an attempt at a run takes place. */
public sealed interface RunEnvironment {
  /** In its own process, which counts the run's terms in its directory. */
  record Alone() implements RunEnvironment {}

  /**
   * In a service, beside other runs, which share system and broker; its journal issued the term.
   */
  record InService(ActorSystem<?> system, long term, BrokerLease broker, Placement placement)
      implements RunEnvironment {
    /** With all trainers on this node. */
    public InService(ActorSystem<?> system, long term, BrokerLease broker) {
      this(system, term, broker, Placement.LOCAL);
    }
  }
}
