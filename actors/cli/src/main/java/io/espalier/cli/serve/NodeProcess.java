package io.espalier.cli.serve;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import io.espalier.console.CommandRefusedException;
import io.espalier.service.api.HttpApi;
import io.espalier.service.api.NodeFiles;
import io.espalier.service.api.ServiceDescription;
import io.espalier.service.cluster.ClusterSettings;
import io.espalier.service.cluster.SharedDirectoryCheck;
import io.espalier.service.data.DataSets;
import io.espalier.service.http.AccessTokens;
import io.espalier.service.http.HttpSettings;
import io.espalier.service.node.ServiceNode;
import io.espalier.service.node.ServiceSettings;
import io.espalier.service.run.NodeLauncher;
import io.espalier.service.run.NodeOffer;
import io.espalier.service.run.RemotePlacement;
import io.espalier.service.run.RunLauncher;
import io.espalier.service.run.SchedulerReply;
import io.espalier.service.worker.WorkerLauncher;
import io.espalier.telemetry.kafka.Backlog;
import io.espalier.telemetry.live.LiveFeed;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.run.CodeVersion;
import io.espalier.training.TrainerHost;
import io.espalier.training.run.BrokerLease;
import io.espalier.training.transport.UdpTransport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.agrona.CloseHelper;

/** A node of the service and its API, in this process. */
final class NodeProcess implements RunningService {
  private static final String ALONE = "local";

  private final ServeSettings settings;
  private final BrokerLease broker;
  private final Optional<ClusterMember> member;
  private final ServiceNode node;
  private final HttpApi api;

  private NodeProcess(ServeSettings settings, BrokerLease broker, Optional<ClusterMember> member)
      throws IOException {
    this.settings = settings;
    this.broker = broker;
    this.member = member;
    node =
        ServiceNode.start(
            node(),
            this::launcher,
            system -> member.ifPresent(each -> each.requireSharedRuns(system)));
    try {
      api = api();
    } catch (IOException | RuntimeException e) {
      node.close();
      throw e;
    }
  }

  static RunningService launch(ServeSettings settings) throws IOException {
    Optional<ClusterMember> member =
        settings.peers().cluster().isPresent()
            ? Optional.of(new ClusterMember(ClusterSettings.read(settings.peers().cluster().get())))
            : Optional.empty();
    BrokerLease broker = new BrokerLease(settings.home(), settings.peers().kafka());
    try {
      return new NodeProcess(settings, broker, member);
    } catch (IOException | RuntimeException e) {
      member.ifPresent(ClusterMember::close);
      broker.close();
      throw e;
    }
  }

  @Override
  public URI address() {
    return api.uri();
  }

  @Override
  public CompletionStage<Void> ended() {
    return node.ended()
        .thenAccept(
            done -> {
              throw new CommandRefusedException(
                  "the actors of a service must live as long as its process: node=%s was put out of its cluster, or an error ended them (see the log); the service must be started again, and its runs go on from their checkpoints"
                      .formatted(node.name()));
            });
  }

  @Override
  public void close() {
    CloseHelper.closeAll(api, node, () -> member.ifPresent(ClusterMember::close), broker);
  }

  private LiveFeed events() {
    return LiveFeed.start(broker::access, Clock.systemUTC());
  }

  private RunLauncher launcher(ActorSystem<?> system) {
    member.ifPresent(each -> each.host(system, settings.home()));
    NodeLauncher within =
        new NodeLauncher(
            new NodeLauncher.Settings(
                settings.home(),
                system,
                broker,
                settings.peers().authority(),
                member.map(ClusterMember::placement)));
    return settings.capacity().workerMemoryMb().isPresent()
        ? new WorkerLauncher(
            new WorkerLauncher.Settings(
                name(),
                settings.home(),
                WorkerMain.class.getName(),
                settings.capacity().workerMemoryMb().get(),
                broker,
                settings.peers().kafka(),
                settings.peers().authority()),
            within)
        : within;
  }

  private String name() {
    return member.map(each -> each.settings().node()).orElse(ALONE);
  }

  private ServiceSettings node() {
    boolean trains = member.map(ClusterMember::trains).orElse(true);
    ServeSettings.Capacity capacity = settings.capacity();
    NodeOffer offer =
        NodeOffer.of(
            name(), trains ? capacity.trainers() : 0, capacity.memoryMb(), capacity.gateways());
    ServiceSettings alone =
        ServiceSettings.of(settings.directory(), offer)
            .withData(settings.data().directories())
            .withRetention(settings.retention())
            .withNotices(settings.notices());
    return member
        .map(ClusterMember::settings)
        .map(
            cluster ->
                alone
                    .withRuns(cluster.runs())
                    .withJournal(cluster.journal())
                    .withOverlay(cluster.overlay()))
        .orElse(alone);
  }

  private HttpApi api() throws IOException {
    AccessTokens tokens = AccessTokens.open(settings.directory(), InstantSource.system());
    tokens.prepareFirst();
    HttpSettings http =
        new HttpSettings(
            settings.api().listen(),
            settings.api().tls(),
            HttpSettings.Limits.DEFAULT,
            HttpSettings.Times.DEFAULT,
            settings.api().requireToken());
    return new HttpApi(
        node.system(),
        http,
        new HttpApi.Parts(
            node.service(),
            tokens,
            new ServiceOverview(node),
            this::events,
            new NodeFiles(settings.directory(), node.runs(), Backlog.of(settings.home())),
            DataSets.open(
                settings.data().directories().get(0),
                name(),
                settings.data().limits(),
                InstantSource.system()),
            node::backUpJournal,
            node.meters()));
  }

  record ServiceOverview(ServiceNode node) implements ServiceDescription.Source {
    @Override
    public CompletionStage<ServiceDescription> describe() {
      return node.overview().thenApply(this::description);
    }

    private ServiceDescription description(SchedulerReply.Overview overview) {
      return new ServiceDescription(
          CodeVersion.current(),
          node.name(),
          overview.nodes().stream().map(ServiceOverview::described).toList(),
          overview.waiting(),
          overview.holding());
    }

    private static ServiceDescription.Node described(SchedulerReply.NodeUse use) {
      return new ServiceDescription.Node(
          use.offer().node(),
          use.offer().trainers(),
          use.freeTrainers(),
          Math.toIntExact(use.offer().memoryMb()),
          Math.toIntExact(use.freeMemoryMb()));
    }
  }

  /** The parts that only a node of a cluster has. */
  static final class ClusterMember implements AutoCloseable {
    private final ClusterSettings settings;
    private final UdpTransport transports;

    ClusterMember(ClusterSettings settings) {
      this.settings = settings;
      this.transports = new UdpTransport(settings.aeron());
    }

    ClusterSettings settings() {
      return settings;
    }

    boolean trains() {
      return settings.roles().contains("trainer");
    }

    RemotePlacement placement() {
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

    /** Throws {@link CommandRefusedException} unless all other nodes see this runs directory. */
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
}
