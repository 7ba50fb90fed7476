package io.espalier.training;

import akka.actor.Cancellable;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Props;
import io.espalier.configs.fault.CrashPoint;
import io.espalier.configs.fault.ResourceStack;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Committer;
import io.espalier.training.transport.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actors and the transport of one attempt, in their own or a shared actor system. Thread-safe.
 */
public final class RunActors implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunActors.class);
  private static final Duration TERMINATION_LIMIT = Duration.ofSeconds(5);

  private final ResourceStack opened;
  private final Transport transport;
  private final CompletableFuture<RunResult> end = new CompletableFuture<>();
  private final CompletableFuture<Void> terminated = new CompletableFuture<>();
  private final ActorSystem<?> system;
  private final ActorRef<RunSupervisor.Command> supervisor;
  private final boolean ownsSystem;
  private final long startStep;
  private final List<Cancellable> repeated = new ArrayList<>();
  private volatile boolean leftBehind;

  /** Settings of the actors; {@code hosted} is required if any trainer is on another node. */
  public record Settings(
      PreparedRun run,
      Committer committer,
      long term,
      CheckpointQueue checkpoints,
      RunListener events,
      KeptStates kept,
      Placement placement,
      Optional<HostedRun> hosted) {
    /** With all trainers beside their coordinator, keeping checkpoints only. */
    public Settings(
        PreparedRun run,
        Committer committer,
        long term,
        CheckpointQueue checkpoints,
        RunListener events) {
      this(
          run,
          committer,
          term,
          checkpoints,
          events,
          KeptStates.NONE,
          Placement.LOCAL,
          Optional.empty());
    }
  }

  private RunActors(Settings settings, Optional<Place> place, ResourceStack opened) {
    this.opened = opened;
    startStep = settings.committer().committed().step();
    transport = Transport.start();
    opened.add(transport::close);
    CrashPoint.TRANSPORT_STARTED.pass();
    ownsSystem = place.isEmpty();
    if (place.isPresent()) {
      system = place.get().system();
      supervisor = system.systemActorOf(supervisor(settings), place.get().name(), Props.empty());
    } else {
      ActorSystem<RunSupervisor.Command> own = ActorSystem.create(supervisor(settings), "espalier");
      system = own;
      supervisor = own;
    }
    opened.add(this::terminate);
    noteEndOfSystem();
  }

  /** A system that outlives the actors, and a name that is unique there. */
  private record Place(ActorSystem<?> system, String name) {}

  /** Starts the actors in a system of their own; the trainers join at once. */
  public static RunActors start(Settings settings) {
    return start(settings, Optional.empty());
  }

  /** Starts the actors in {@code system}, which outlives them; {@code name} is unique there. */
  public static RunActors start(Settings settings, ActorSystem<?> system, String name) {
    return start(settings, Optional.of(new Place(system, name)));
  }

  private static RunActors start(Settings settings, Optional<Place> place) {
    return ResourceStack.open(opened -> new RunActors(settings, place, opened));
  }

  private Behavior<RunSupervisor.Command> supervisor(Settings settings) {
    return RunSupervisor.create(settings, transport, end, terminated, this::ended);
  }

  /** A system that ends may drop the message that starts or ends the supervisor. */
  private void noteEndOfSystem() {
    system
        .getWhenTerminated()
        .thenRun(
            () -> {
              end.complete(ended(system));
              terminated.complete(null);
            });
  }

  /** The result of actors that ended before the run: with a shared system, or by a fatal error. */
  private RunResult ended(ActorSystem<?> of) {
    return !ownsSystem && CoordinatedShutdown.get(of).getShutdownReason().isPresent()
        ? new RunResult.Interrupted(startStep, "its service has ended")
        : new RunResult.Failed(startStep, "the actors ended unexpectedly");
  }

  /** Runs {@code work} periodically, away from the trainers' threads. */
  public synchronized void every(Duration interval, Runnable work) {
    repeated.add(
        system
            .scheduler()
            .scheduleAtFixedRate(
                interval,
                interval,
                work,
                system.dispatchers().lookup(DispatcherSelector.blocking())));
  }

  /** Times that a transfer had to wait for its receiver. */
  public long backPressure() {
    return transport.backPressure();
  }

  /** Messages that wait at this moment for coordinator and trainers of this process. */
  public long mailboxDepth() {
    return MailboxDepth.below(supervisor);
  }

  public void pause() {
    tell(new CoordinatorMessage.Pause());
  }

  public void checkpoint() {
    tell(new CoordinatorMessage.Checkpoint());
  }

  /** Calls {@code pong} on the coordinator's thread. */
  public void ping(Runnable pong) {
    tell(new CoordinatorMessage.Ping(pong));
  }

  public void cancel() {
    tell(new CoordinatorMessage.End(RunResult.Cancelled::new));
  }

  public void interrupt(String cause) {
    tell(new CoordinatorMessage.End(step -> new RunResult.Interrupted(step, cause)));
  }

  /** Ends the attempt: the run epoch of term {@code by} has begun. */
  public void fence(long by) {
    tell(new CoordinatorMessage.Fence(by));
  }

  private void tell(CoordinatorMessage command) {
    supervisor.tell(new RunSupervisor.ToCoordinator(command));
  }

  /** Waits for the run's end, and for that of all actors but those that hang. */
  public RunResult await() {
    RunResult result = end.join();
    terminate();
    return result;
  }

  @Override
  public void close() {
    opened.close();
  }

  private void terminate() {
    cancelRepeated();
    if (ownsSystem) {
      system.terminate();
    } else {
      supervisor.tell(new RunSupervisor.EndActors());
    }
    if (leftBehind) {
      return;
    }
    try {
      ending().get(TERMINATION_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      leftBehind = true;
      LOG.warn("an actor hangs and is left behind: it did not end within {}", TERMINATION_LIMIT);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the actors must end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void cancelRepeated() {
    repeated.forEach(Cancellable::cancel);
    repeated.clear();
  }

  private CompletableFuture<?> ending() {
    return ownsSystem ? system.getWhenTerminated().toCompletableFuture() : terminated;
  }
}
