package io.espalier.cli.serve;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import io.espalier.cli.console.CommandRefusedException;
import io.espalier.service.attempt.RemotePlacement;
import io.espalier.service.cluster.ClusterSettings;
import io.espalier.service.cluster.SharedDirectoryCheck;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.training.TrainerHost;
import io.espalier.training.transport.SharedUdpTransport;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** What a node of a cluster has beside a node by itself. */
final class ClusterMember implements AutoCloseable {
  private final ClusterSettings settings;
  private final SharedUdpTransport transports;

  ClusterMember(ClusterSettings settings) {
    this.settings = settings;
    this.transports = new SharedUdpTransport(settings.aeron());
  }

  ClusterSettings settings() {
    return settings;
  }

  boolean trains() {
    return settings.roles().contains("trainer");
  }

  RemotePlacement spread() {
    return new RemotePlacement(settings.node(), transports);
  }

  void host(ActorSystem<?> system, Path home) {
    system.systemActorOf(
        SharedDirectoryCheck.create(settings.runs()), "runs-witness", Props.empty());
    if (trains()) {
      system.systemActorOf(
          TrainerHost.create(DataHome.of(home), transports),
          RemotePlacement.hostOf(settings.node()),
          Props.empty());
    }
  }

  /**
   * Has all other nodes look at this one's directory of runs.
   *
   * @throws CommandRefusedException if one of them has another, or does not answer
   */
  void requireSharedRuns(ActorSystem<?> system) {
    List<String> strangers = strangers(system);
    if (!strangers.isEmpty()) {
      throw new CommandRefusedException(
          "all nodes must share the directory of runs: runs=%s, nodes that have another there: %s; mount the same one on each"
              .formatted(settings.runs(), String.join(", ", strangers)));
    }
  }

  private List<String> strangers(ActorSystem<?> system) {
    try {
      return SharedDirectoryCheck.strangers(system, settings.runs());
    } catch (TimeoutException e) {
      throw new CommandRefusedException(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    transports.close();
  }
}
