package io.espalier.training;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.espalier.configs.fault.FailureText;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.training.transport.Lane;
import io.espalier.training.transport.UdpTransport;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/** Prepares a run on this node and supervises one trainer of it until its coordinator ends. */
final class HostedTrainer extends AbstractBehavior<HostedTrainer.Command> {
  sealed interface Command extends NoSerializationVerificationNeeded {}

  private record StartTrainer(PreparedRun run, UdpTransport transport) implements Command {}

  private record RefuseRun(String cause) implements Command {}

  /** Loading by {@code preparation} may block for long. */
  record Settings(
      TrainerHost.HostTrainer order,
      Function<HostedRun, PreparedRun> preparation,
      Supplier<UdpTransport> transport) {}

  private final Settings settings;
  private Optional<TrainerActor.Settings> trainer = Optional.empty();

  static Behavior<Command> create(Settings settings) {
    return Behaviors.setup(context -> new HostedTrainer(context, settings));
  }

  private HostedTrainer(ActorContext<Command> context, Settings settings) {
    super(context);
    this.settings = settings;
    context.watch(settings.order().coordinator());
    Executor blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
    context.pipeToSelf(
        CompletableFuture.supplyAsync(this::prepare, blocking),
        (ready, failure) -> failure == null ? ready : new RefuseRun(cause(failure)));
  }

  private Command prepare() {
    PreparedRun run = settings.preparation().apply(settings.order().run());
    return new StartTrainer(run, settings.transport().get());
  }

  private static String cause(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return FailureText.of(cause);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(StartTrainer.class, this::onStartTrainer)
        .onMessage(RefuseRun.class, this::onRefuseRun)
        .onSignal(ChildFailed.class, this::onChildFailed)
        .onSignal(Terminated.class, this::onTerminated)
        .build();
  }

  private Behavior<Command> onStartTrainer(StartTrainer message) {
    TrainerHost.HostTrainer order = settings.order();
    TrainerActor.Settings spawned =
        new TrainerActor.Settings(
            message.run(),
            order.trainer(),
            order.term(),
            Lane.Route.between(message.transport(), order.address()),
            order.coordinator());
    trainer = Optional.of(spawned);
    getContext()
        .watch(
            getContext()
                .spawn(
                    RestartPolicy.of(spawned), "trainer-" + order.trainer(), RestartPolicy.PINNED));
    return this;
  }

  private Behavior<Command> onRefuseRun(RefuseRun message) {
    return giveUp(message.cause());
  }

  private Behavior<Command> onChildFailed(ChildFailed signal) {
    return giveUp(
        trainer.map(given -> RestartPolicy.exhausted(given, signal.getCause())).orElse("unknown"));
  }

  /** Stays until the coordinator has ended: its own end would look like that of the node. */
  private Behavior<Command> giveUp(String cause) {
    settings
        .order()
        .replyTo()
        .tell(new TrainerHost.TrainerGivenUp(settings.order().trainer(), cause));
    return this;
  }

  private Behavior<Command> onTerminated(Terminated signal) {
    return signal.getRef().path().equals(settings.order().coordinator().path())
        ? Behaviors.stopped()
        : this;
  }
}
