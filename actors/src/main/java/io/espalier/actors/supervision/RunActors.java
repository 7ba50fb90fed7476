package io.espalier.actors.supervision;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import io.espalier.actors.training.CheckpointQueue;
import io.espalier.actors.training.MaskCoordinator;
import io.espalier.actors.training.RunEnd;
import io.espalier.actors.training.RunEvents;
import io.espalier.actors.transport.Transport;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Committer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The actors of one attempt at a run and the transport between them. Thread-safe. */
public final class RunActors implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunActors.class);
  private static final Duration TERMINATION_LIMIT = Duration.ofSeconds(5);

  private final Transport transport = Transport.start();
  private final CompletableFuture<RunEnd> end = new CompletableFuture<>();
  private final ActorSystem<RunSupervisor.Command> system;
  private volatile boolean leftBehind;

  /** What the actors work with. */
  public record Settings(
      PreparedRun run,
      Committer committer,
      long term,
      CheckpointQueue checkpoints,
      RunEvents events) {}

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
              RunSupervisor.create(new RunSupervisor.Settings(coordinator, end)), "espalier");
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

  /** Waits for the run's end, and for that of all actors but those that hang. */
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
    if (leftBehind) {
      return;
    }
    try {
      system
          .getWhenTerminated()
          .toCompletableFuture()
          .get(TERMINATION_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      leftBehind = true;
      LOG.warn("an actor hangs and is left behind: it did not end within {}", TERMINATION_LIMIT);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the actors must end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
