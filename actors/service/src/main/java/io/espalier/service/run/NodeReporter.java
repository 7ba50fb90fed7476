package io.espalier.service.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import io.espalier.service.ServiceMessage;

/** Sends a node's offer to the scheduler, on whichever node that is. */
public final class NodeReporter {
  static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "nodes");

  private NodeReporter() {}

  public sealed interface Command extends ServiceMessage {}

  /** Send the node's offer. */
  record Introduce(ActorRef<Scheduler.Command> to) implements Command {}

  /** Withdraw the offer. */
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
