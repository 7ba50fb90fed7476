package io.espalier.service.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import io.espalier.training.Placement;
import io.espalier.training.TrainerHost;
import io.espalier.training.transport.UdpTransport;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Places trainers on other nodes of a cluster than {@code node}. */
public record RemotePlacement(String node, UdpTransport transports) {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration RETRY_INTERVAL = Duration.ofMillis(200);

  static final class NodeUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NodeUnavailableException(String node) {
      super("a node that is to host trainers must be reachable: node=" + node);
    }
  }

  public static String hostOf(String node) {
    return "trainer-host-" + node;
  }

  /** Placement in trainer order; throws {@link NodeUnavailableException} if a node is not found. */
  Placement placement(ActorSystem<?> system, List<TrainersOnNode> trainers) {
    Map<Integer, ActorRef<TrainerHost.Command>> elsewhere = new HashMap<>();
    int trainer = 0;
    for (TrainersOnNode there : trainers) {
      for (int i = 0; i < there.trainers(); i++, trainer++) {
        if (!there.node().equals(node)) {
          elsewhere.put(trainer, host(system, there.node()));
        }
      }
    }
    return elsewhere.isEmpty()
        ? Placement.LOCAL
        : new Placement(elsewhere, Optional.of(transports.open()));
  }

  private static ActorRef<TrainerHost.Command> host(ActorSystem<?> system, String name) {
    long untilNs = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < untilNs) {
      Optional<ActorRef<TrainerHost.Command>> host =
          TrainerHost.find(system).toCompletableFuture().join().stream()
              .filter(found -> found.path().name().equals(hostOf(name)))
              .findFirst();
      if (host.isPresent()) {
        return host.get();
      }
      pause();
    }
    throw new NodeUnavailableException(name);
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY_INTERVAL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the attempt was interrupted", e);
    }
  }
}
