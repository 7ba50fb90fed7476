package io.espalier.service.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import io.espalier.service.ServiceMessage;

/** Speaks for a node: tells the scheduler, wherever that is, what the node has. */
public final class NodeReporter {
  static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "nodes");

  private NodeReporter() {}

  /** What an agent is told. */
  public sealed interface Command extends ServiceMessage {}

  /** Send the node's offer. */
  record Introduce(ActorRef<Scheduler.Command> to) implements Command {}

  /** Offer nothing any more. */
  public record Leave() implements Command {}

  public static Behavior<Command> create(NodeOffer offer) {
    return Behaviors.setup(
        context -> {
          context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
          return Behaviors.receive(Command.class)
              .onMessage(
                  Introduce.class,
                  introduce -> {
                    introduce.to().tell(new Scheduler.NodeOffers(offer, context.getSelf()));
                    return Behaviors.same();
                  })
              .onMessage(Leave.class, leave -> Behaviors.stopped())
              .build();
        });
  }
}
