package io.espalier.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.training.transport.UdpTransport;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Hosts trainers of coordinators on other nodes, one per node, registered with the receptionist. A
 * trainer ends with its coordinator.
 */
public final class TrainerHost extends AbstractBehavior<TrainerHost.Command> {
  public static final ServiceKey<Command> KEY =
      ServiceKey.create(Command.class, "espalier-trainer-host");

  private static final Duration FIND_LIMIT = Duration.ofSeconds(3);

  public sealed interface Command extends NodeMessage {}

  /**
   * Train for a coordinator on another node, at UDP {@code address}; replies only with a failure.
   */
  public record HostTrainer(
      HostedRun run,
      long term,
      int trainer,
      String address,
      ActorRef<CoordinatorMessage> coordinator,
      ActorRef<TrainerGivenUp> replyTo)
      implements Command {}

  /** A trainer cannot be hosted, or failed too often: the attempt ends. */
  public record TrainerGivenUp(int trainer, String cause) implements NodeMessage {}

  private final HostedRuns runs;
  private final UdpTransport transports;
  private final Map<ActorRef<Void>, HostTrainer> guarded = new HashMap<>();
  private long hosted;

  /** A host that registers itself. */
  public static Behavior<Command> create(DataHome data, UdpTransport transports) {
    return Behaviors.setup(
        context -> {
          context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
          return new TrainerHost(context, data, transports);
        });
  }

  private TrainerHost(ActorContext<Command> context, DataHome data, UdpTransport transports) {
    super(context);
    this.runs = new HostedRuns(data);
    this.transports = transports;
  }

  /** The reachable hosts, that of this node first, then by address. */
  public static CompletionStage<List<ActorRef<Command>>> find(ActorSystem<?> system) {
    CompletionStage<Receptionist.Listing> listing =
        AskPattern.ask(
            system.receptionist(),
            replyTo -> Receptionist.find(KEY, replyTo),
            FIND_LIMIT,
            system.scheduler());
    return listing.thenApply(
        found ->
            found.getServiceInstances(KEY).stream()
                .sorted(
                    Comparator.comparing(TrainerHost::isElsewhere)
                        .thenComparing(host -> host.path().toString()))
                .toList());
  }

  static boolean isElsewhere(ActorRef<Command> host) {
    return host.path().address().hasGlobalScope();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(HostTrainer.class, this::onHostTrainer)
        .onSignal(ChildFailed.class, this::onChildFailed)
        .onSignal(Terminated.class, this::onTerminated)
        .build();
  }

  private Behavior<Command> onHostTrainer(HostTrainer message) {
    runs.enter(message.run());
    ActorRef<HostedTrainer.Command> guard =
        getContext()
            .spawn(
                HostedTrainer.create(
                    new HostedTrainer.Settings(message, runs::prepare, transports::open)),
                "%s-%d-%d-%d"
                    .formatted(message.run().run(), message.term(), message.trainer(), ++hosted));
    getContext().watch(guard);
    guarded.put(guard.unsafeUpcast(), message);
    return this;
  }

  private Behavior<Command> onChildFailed(ChildFailed signal) {
    HostTrainer order = guarded.get(signal.getRef());
    if (order != null) {
      order.replyTo().tell(new TrainerGivenUp(order.trainer(), String.valueOf(signal.getCause())));
    }
    return onTerminated(signal);
  }

  private Behavior<Command> onTerminated(Terminated signal) {
    HostTrainer order = guarded.remove(signal.getRef());
    if (order != null) {
      runs.leave(order.run());
    }
    return this;
  }
}
