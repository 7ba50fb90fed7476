package io.espalier.actors.supervision;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import io.espalier.actors.training.CheckpointQueue;
import io.espalier.actors.training.MaskCoordinator;
import io.espalier.actors.training.RunEnd;
import io.espalier.actors.training.RunEvents;
import io.espalier.actors.training.TrainerActor;
import io.espalier.actors.transport.Transport;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Committer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** The actors of one attempt at a run and the transport between them. Thread-safe. */
public final class RunActors implements AutoCloseable {
  private final Transport transport = Transport.start();
  private final CompletableFuture<RunEnd> end = new CompletableFuture<>();
  private final ActorSystem<RunSupervisor.Command> system;

  /** What the actors work with; trainers behave as {@code trainerBehavior} makes of them. */
  public record Settings(
      PreparedRun run,
      Committer committer,
      long term,
      CheckpointQueue checkpoints,
      RunEvents events,
      UnaryOperator<Behavior<TrainerActor.Command>> trainerBehavior) {}

  /** Starts the actors; the trainers join at once. */
  public RunActors(Settings settings) {
    MaskCoordinator.Settings coordinator =
        new MaskCoordinator.Settings(
            settings.run(),
            settings.committer(),
            settings.term(),
            transport,
            settings.checkpoints(),
            settings.events());
    long startStep = settings.committer().committed().step();
    try {
      system =
          ActorSystem.create(
              RunSupervisor.create(
                  new RunSupervisor.Settings(coordinator, end), settings.trainerBehavior()),
              "espalier");
    } catch (RuntimeException e) {
      transport.close();
      throw e;
    }
    system
        .getWhenTerminated()
        .thenRun(
            () -> end.complete(new RunEnd.Aborted(startStep, "the actors ended unexpectedly")));
  }

  /** Does {@code work} again and again, away from the trainers' threads. */
  public void every(Duration interval, Runnable work) {
    system
        .scheduler()
        .scheduleAtFixedRate(
            interval, interval, work, system.dispatchers().lookup(DispatcherSelector.blocking()));
  }

  /** Times that a transfer had to wait for its receiver. */
  public long backPressure() {
    return transport.backPressure();
  }

  /** Asks for a checkpoint at the next sync and an end after it. */
  public void stop() {
    system.tell(new RunSupervisor.StopRun());
  }

  /** Waits for the run's end and for the end of all actors. */
  public RunEnd await() {
    RunEnd ended = end.join();
    terminate();
    return ended;
  }

  @Override
  public void close() {
    terminate();
    transport.close();
  }

  private void terminate() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }
}
