package io.espalier.training;

import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Supervision of trainers, on any node. */
final class RestartPolicy {
  /** The dispatcher of trainers and coordinator: each keeps its own thread. */
  static final DispatcherSelector PINNED =
      DispatcherSelector.fromConfig("espalier.pinned-dispatcher");

  private static final Duration SHORTEST_BACKOFF = Duration.ofMillis(200);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

  private RestartPolicy() {}

  static Behavior<TrainerActor.Command> of(TrainerActor.Settings settings) {
    int restarts = settings.run().config().train().recovery().maxRestarts();
    SupervisorStrategy strategy =
        restarts == 0
            ? SupervisorStrategy.stop()
            : SupervisorStrategy.restartWithBackoff(SHORTEST_BACKOFF, LONGEST_BACKOFF, 0.1)
                .withMaxRestarts(restarts)
                .withResetBackoffAfter(Duration.ofHours(1))
                .withLoggingEnabled(false);
    return Behaviors.supervise(TrainerActor.create(settings, new AtomicInteger()))
        .onFailure(RuntimeException.class, strategy);
  }

  static String exhausted(TrainerActor.Settings settings, Throwable cause) {
    return "trainer-%d failed more often than train.max-restarts=%d allows: %s"
        .formatted(
            settings.trainer(), settings.run().config().train().recovery().maxRestarts(), cause);
  }
}
