package io.espalier.actors.supervision;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.espalier.actors.training.MaskCoordinator;
import io.espalier.actors.training.RunEnd;
import io.espalier.actors.training.TrainerActor;
import io.espalier.actors.transport.node.Route;
import io.espalier.trainer.prepare.PreparedRun;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Guards one run: wires coordinator and trainers, restarts failed trainers, reports the end. */
public final class RunSupervisor extends AbstractBehavior<RunSupervisor.Command> {
  private static final DispatcherSelector PINNED =
      DispatcherSelector.fromConfig("espalier.pinned-dispatcher");
  private static final Duration SHORTEST_BACKOFF = Duration.ofMillis(200);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

  /** What a supervisor is told. */
  public sealed interface Command {}

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

  private record CoordinatorReported(RunEnd end) implements Command {}

  /**
   * What a supervisor is given.
   *
   * @param coordinator what the coordinator works with
   * @param result completed with the run's end
   * @param terminated completed when all actors of the run have ended
   */
  public record Settings(
      MaskCoordinator.Settings coordinator,
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
            MaskCoordinator.create(settings.coordinator(), reports), "coordinator", PINNED);
    context.watch(coordinator);
    PreparedRun run = settings.coordinator().run();
    for (int k = 0; k < run.config().train().trainers(); k++) {
      spawnTrainer(run, k);
    }
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(StopRun.class, message -> tell(new MaskCoordinator.StopAtSync()))
        .onMessage(CheckpointRun.class, message -> tell(new MaskCoordinator.CheckpointAtSync()))
        .onMessage(CancelRun.class, message -> tell(new MaskCoordinator.CancelRun()))
        .onMessage(FenceRun.class, message -> tell(new MaskCoordinator.FenceRun(message.by())))
        .onMessage(EndActors.class, message -> Behaviors.stopped())
        .onMessage(CoordinatorReported.class, message -> end(message.end()))
        .onSignal(ChildFailed.class, this::onChildFailed)
        .onSignal(Terminated.class, signal -> this)
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private void spawnTrainer(PreparedRun run, int k) {
    Behavior<TrainerActor.Command> trainer =
        TrainerActor.create(
            new TrainerActor.Settings(
                run,
                k,
                settings.coordinator().term(),
                Route.within(settings.coordinator().transport()),
                coordinator),
            new AtomicInteger());
    int restarts = run.config().train().maxRestarts();
    SupervisorStrategy strategy =
        restarts == 0
            ? SupervisorStrategy.stop()
            : SupervisorStrategy.restartWithBackoff(SHORTEST_BACKOFF, LONGEST_BACKOFF, 0.1)
                .withMaxRestarts(restarts)
                .withResetBackoffAfter(Duration.ofHours(1))
                .withLoggingEnabled(false);
    getContext()
        .watch(
            getContext()
                .spawn(
                    Behaviors.supervise(trainer).onFailure(RuntimeException.class, strategy),
                    "trainer-" + k,
                    PINNED));
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
    coordinator.tell(
        new MaskCoordinator.AbortRun(
            signal.getRef().path().name()
                + " failed more often than train.max-restarts="
                + settings.coordinator().run().config().train().maxRestarts()
                + " allows: "
                + cause));
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
