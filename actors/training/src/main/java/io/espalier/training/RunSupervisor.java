package io.espalier.training;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.PostStop;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.training.transport.TrainerRoute;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Guards one run: wires coordinator and trainers, restarts failed trainers, reports the end. */
final class RunSupervisor extends AbstractBehavior<RunSupervisor.Command> {
  /** What a supervisor is told. */
  public sealed interface Command extends NoSerializationVerificationNeeded {}

  /** Write a checkpoint at the next sync, then end. */
  public record StopRun() implements Command {}

  /** Write a checkpoint at the next sync, and go on. */
  public record CheckpointRun() implements Command {}

  /** End at once. */
  public record CancelRun() implements Command {}

  /** A later reign has begun: end at once. */
  public record FenceRun(long by) implements Command {}

  /** Stop all actors of the run, whatever they do. */
  record EndActors() implements Command {}

  private record GiveUpTrainer(TrainerHost.TrainerGivenUp answer) implements Command {}

  private record LoseHost(ActorRef<TrainerHost.Command> host) implements Command {}

  private record CoordinatorReported(RunEnd end) implements Command {}

  /**
   * What a supervisor is given.
   *
   * @param coordinator what the coordinator works with
   * @param placement where the trainers live
   * @param hosted what hosts of trainers must know; there if any trainer is elsewhere
   * @param result completed with the run's end
   * @param terminated completed when all actors of the run have ended
   */
  public record Settings(
      MaskCoordinator.Settings coordinator,
      Placement placement,
      Optional<HostedRun> hosted,
      CompletableFuture<RunEnd> result,
      CompletableFuture<Void> terminated) {}

  private final Settings settings;
  private final ActorRef<MaskCoordinator.Command> coordinator;
  private final long startStep;

  static Behavior<Command> create(Settings settings) {
    return Behaviors.setup(
        context -> {
          try {
            return new RunSupervisor(context, settings);
          } catch (RuntimeException e) {
            settings.result().complete(new RunEnd.Aborted(0, "the actors must start: " + e));
            settings.terminated().complete(null);
            throw e;
          }
        });
  }

  private RunSupervisor(ActorContext<Command> context, Settings settings) {
    super(context);
    this.settings = settings;
    this.startStep = settings.coordinator().committer().committed().step();
    ActorRef<RunEnd> reports = context.messageAdapter(RunEnd.class, CoordinatorReported::new);
    coordinator =
        context.spawn(
            MaskCoordinator.create(settings.coordinator(), reports),
            "coordinator",
            CountedMailbox.pinned());
    context.watch(coordinator);
    PreparedRun run = settings.coordinator().run();
    for (int k = 0; k < run.config().train().trainers(); k++) {
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
        .onMessage(StopRun.class, message -> tell(new MaskCoordinator.StopAtSync()))
        .onMessage(CheckpointRun.class, message -> tell(new MaskCoordinator.CheckpointAtSync()))
        .onMessage(CancelRun.class, message -> tell(new MaskCoordinator.CancelRun()))
        .onMessage(FenceRun.class, message -> tell(new MaskCoordinator.FenceRun(message.by())))
        .onMessage(GiveUpTrainer.class, this::onGiveUpTrainer)
        .onMessage(LoseHost.class, this::onLoseHost)
        .onMessage(EndActors.class, message -> Behaviors.stopped())
        .onMessage(CoordinatorReported.class, message -> end(message.end()))
        .onSignal(ChildFailed.class, this::onChildFailed)
        .onSignal(Terminated.class, signal -> this)
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private void spawnTrainer(int k) {
    getContext()
        .watch(
            getContext()
                .spawn(RestartPolicy.of(trainer(k)), "trainer-" + k, CountedMailbox.pinned()));
  }

  private TrainerActor.Settings trainer(int k) {
    return new TrainerActor.Settings(
        settings.coordinator().run(),
        k,
        settings.coordinator().term(),
        TrainerRoute.within(settings.coordinator().transport()),
        coordinator);
  }

  private void askHost(ActorRef<TrainerHost.Command> host, int k) {
    getContext().watchWith(host, new LoseHost(host));
    host.tell(
        new TrainerHost.HostTrainer(
            settings.hosted().orElseThrow(),
            settings.coordinator().term(),
            k,
            settings.placement().transport().orElseThrow().address(),
            coordinator,
            getContext().messageAdapter(TrainerHost.TrainerGivenUp.class, GiveUpTrainer::new)));
  }

  private Behavior<Command> tell(MaskCoordinator.Command command) {
    coordinator.tell(command);
    return this;
  }

  private Behavior<Command> onChildFailed(ChildFailed signal) {
    String cause = String.valueOf(signal.getCause());
    if (signal.getRef().path().equals(coordinator.path())) {
      return end(new RunEnd.Aborted(startStep, "the coordinator failed: " + cause));
    }
    int trainer = Integer.parseInt(signal.getRef().path().name().substring("trainer-".length()));
    coordinator.tell(
        new MaskCoordinator.AbortRun(RestartPolicy.exhausted(trainer(trainer), signal.getCause())));
    return this;
  }

  private Behavior<Command> onGiveUpTrainer(GiveUpTrainer message) {
    coordinator.tell(new MaskCoordinator.LoseNode(message.answer().cause()));
    return this;
  }

  private Behavior<Command> onLoseHost(LoseHost message) {
    coordinator.tell(
        new MaskCoordinator.LoseNode(
            "node=%s hosted trainers".formatted(message.host().path().address().hostPort())));
    return this;
  }

  private Behavior<Command> end(RunEnd outcome) {
    settings.result().complete(outcome);
    return Behaviors.stopped();
  }

  /** Comes when the children have ended too. */
  private Behavior<Command> onPostStop() {
    settings.result().complete(new RunEnd.Aborted(startStep, "the actors ended unexpectedly"));
    settings.terminated().complete(null);
    return this;
  }
}
