package io.espalier.training;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.PostStop;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.espalier.training.transport.Lane;
import io.espalier.training.transport.Transport;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Starts coordinator and trainers of one run, restarts failed trainers, and reports the end. */
final class RunSupervisor extends AbstractBehavior<RunSupervisor.Command> {
  sealed interface Command extends NoSerializationVerificationNeeded {}

  record ToCoordinator(CoordinatorMessage command) implements Command {}

  record EndActors() implements Command {}

  private record GiveUpTrainer(TrainerHost.TrainerGivenUp answer) implements Command {}

  private record LoseHost(ActorRef<TrainerHost.Command> host) implements Command {}

  private record CoordinatorReported(RunResult result) implements Command {}

  private final RunActors.Settings settings;
  private final Transport transport;
  private final CompletableFuture<RunResult> result;
  private final CompletableFuture<Void> terminated;
  private final Function<ActorSystem<?>, RunResult> ended;
  private final ActorRef<CoordinatorMessage> coordinator;
  private final long startStep;

  /**
   * Completes {@code result} with the run's end, {@code terminated} after the end of all its
   * actors. Where they end before the run, {@code ended} gives its result.
   */
  static Behavior<Command> create(
      RunActors.Settings settings,
      Transport transport,
      CompletableFuture<RunResult> result,
      CompletableFuture<Void> terminated,
      Function<ActorSystem<?>, RunResult> ended) {
    return Behaviors.setup(
        context -> {
          try {
            return new RunSupervisor(context, settings, transport, result, terminated, ended);
          } catch (RuntimeException e) {
            result.complete(new RunResult.Failed(0, "the actors must start: " + e));
            terminated.complete(null);
            throw e;
          }
        });
  }

  private RunSupervisor(
      ActorContext<Command> context,
      RunActors.Settings settings,
      Transport transport,
      CompletableFuture<RunResult> result,
      CompletableFuture<Void> terminated,
      Function<ActorSystem<?>, RunResult> ended) {
    super(context);
    this.settings = settings;
    this.transport = transport;
    this.result = result;
    this.terminated = terminated;
    this.ended = ended;
    this.startStep = settings.committer().committed().step();
    ActorRef<RunResult> reports = context.messageAdapter(RunResult.class, CoordinatorReported::new);
    coordinator =
        context.spawn(
            MaskCoordinator.create(settings, transport, reports),
            "coordinator",
            RestartPolicy.PINNED);
    context.watch(coordinator);
    for (int k = 0; k < settings.run().config().train().trainers(); k++) {
      int trainer = k;
      settings
          .placement()
          .host(k)
          .ifPresentOrElse(host -> askHost(host, trainer), () -> spawnTrainer(trainer));
    }
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(ToCoordinator.class, message -> tell(message.command()))
        .onMessage(GiveUpTrainer.class, this::onGiveUpTrainer)
        .onMessage(LoseHost.class, this::onLoseHost)
        .onMessage(EndActors.class, message -> Behaviors.stopped())
        .onMessage(CoordinatorReported.class, message -> end(message.result()))
        .onSignal(ChildFailed.class, this::onChildFailed)
        .onSignal(Terminated.class, signal -> this)
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private void spawnTrainer(int k) {
    getContext()
        .watch(
            getContext().spawn(RestartPolicy.of(trainer(k)), "trainer-" + k, RestartPolicy.PINNED));
  }

  private TrainerActor.Settings trainer(int k) {
    return new TrainerActor.Settings(
        settings.run(), k, settings.term(), Lane.Route.within(transport), coordinator);
  }

  private void askHost(ActorRef<TrainerHost.Command> host, int k) {
    getContext().watchWith(host, new LoseHost(host));
    host.tell(
        new TrainerHost.HostTrainer(
            settings.hosted().orElseThrow(),
            settings.term(),
            k,
            settings.placement().transport().orElseThrow().address(),
            coordinator,
            getContext().messageAdapter(TrainerHost.TrainerGivenUp.class, GiveUpTrainer::new)));
  }

  private Behavior<Command> tell(CoordinatorMessage command) {
    coordinator.tell(command);
    return this;
  }

  private Behavior<Command> onChildFailed(ChildFailed signal) {
    String cause = String.valueOf(signal.getCause());
    if (signal.getRef().path().equals(coordinator.path())) {
      return end(new RunResult.Failed(startStep, "the coordinator failed: " + cause));
    }
    int trainer = Integer.parseInt(signal.getRef().path().name().substring("trainer-".length()));
    return tell(
        new CoordinatorMessage.AbortRun(
            RestartPolicy.exhausted(trainer(trainer), signal.getCause())));
  }

  private Behavior<Command> onGiveUpTrainer(GiveUpTrainer message) {
    return tell(new CoordinatorMessage.LoseNode(message.answer().cause()));
  }

  private Behavior<Command> onLoseHost(LoseHost message) {
    return tell(
        new CoordinatorMessage.LoseNode(
            "node=%s hosted trainers".formatted(message.host().path().address().hostPort())));
  }

  private Behavior<Command> end(RunResult result) {
    this.result.complete(result);
    return Behaviors.stopped();
  }

  /** Arrives when the children have ended too. */
  private Behavior<Command> onPostStop() {
    result.complete(ended.apply(getContext().getSystem()));
    terminated.complete(null);
    return this;
  }
}
