package io.espalier.actors.cli.serve.node;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import io.espalier.actors.cli.host.RefusedException;
import io.espalier.actors.placement.TrainerHost;
import io.espalier.actors.service.attempt.work.Spread;
import io.espalier.actors.service.cluster.ClusterSettings;
import io.espalier.actors.service.cluster.RunsWitness;
import io.espalier.actors.transport.node.NodeTransports;
import io.espalier.trainer.data.source.DataHome;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** What a node of a cluster has beside a node by itself. */
final class ClusterMember implements AutoCloseable {
  private final ClusterSettings settings;
  private final NodeTransports transports;

  ClusterMember(ClusterSettings settings) {
    this.settings = settings;
    this.transports = new NodeTransports(settings.aeron());
  }

  ClusterSettings settings() {
    return settings;
  }

  boolean trains() {
    return settings.roles().contains("trainer");
  }

  Spread spread() {
    return new Spread(settings.node(), transports);
  }

  /** Starts what other nodes ask for. */
  void host(ActorSystem<?> system, Path home) {
    system.systemActorOf(RunsWitness.create(settings.runs()), "runs-witness", Props.empty());
    if (trains()) {
      system.systemActorOf(
          TrainerHost.create(DataHome.of(home), transports),
          Spread.hostOf(settings.node()),
          Props.empty());
    }
  }

  /**
   * Has all other nodes look at this one's directory of runs.
   *
   * @throws RefusedException if one of them has another, or does not answer
   */
  void requireSharedRuns(ActorSystem<?> system) {
    List<String> strangers = strangers(system);
    if (!strangers.isEmpty()) {
      throw new RefusedException(
          "all nodes must share the directory of runs: runs=%s, nodes that have another there: %s; mount the same one on each"
              .formatted(settings.runs(), String.join(", ", strangers)));
    }
  }

  private List<String> strangers(ActorSystem<?> system) {
    try {
      return RunsWitness.strangers(system, settings.runs());
    } catch (TimeoutException e) {
      throw new RefusedException(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    transports.close();
  }
}
