package io.espalier.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.ConfigFactory;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.training.transport.UdpTransport;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/** A node in this process, with an actor system and an address of its own. */
final class TestNode implements AutoCloseable {
  private final UdpTransport transports;
  private final ActorSystem<Void> system;

  private TestNode(UdpTransport transports, ActorSystem<Void> system) {
    this.transports = transports;
    this.system = system;
  }

  /**
   * A node of role trainer.
   *
   * @param host one of the machine's loopback addresses
   */
  static TestNode start(String host, Path home) throws IOException {
    UdpTransport transports = new UdpTransport(freeAddress(host));
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.setup(
                context -> {
                  context.spawn(TrainerHost.create(DataHome.of(home), transports), "trainer-host");
                  return Behaviors.empty();
                }),
            "espalier",
            ConfigFactory.parseString(
                    """
                    akka.actor { provider = cluster, serialize-messages = on }
                    akka.actor.allow-java-serialization = off
                    akka.remote.artery { transport = tcp, canonical { hostname = "%s", port = 0 } }
                    akka.cluster.failure-detector.acceptable-heartbeat-pause = 15s
                    akka.cluster.jmx.multi-mbeans-in-same-jvm = on
                    akka.cluster.downing-provider-class = "akka.cluster.sbr.SplitBrainResolverProvider"
                    akka.cluster.split-brain-resolver { active-strategy = keep-oldest, stable-after = 3s }
                    akka.coordinated-shutdown.exit-jvm = off
                    """
                        .formatted(host))
                .withFallback(ConfigFactory.load()));
    return new TestNode(transports, system);
  }

  void join(TestNode seed) {
    Cluster.get(system)
        .manager()
        .tell(Join.create(Cluster.get(seed.system).selfMember().address()));
  }

  ActorSystem<Void> system() {
    return system;
  }

  UdpTransport transports() {
    return transports;
  }

  /** The hosts that this node sees, once there are so many. */
  List<ActorRef<TrainerHost.Command>> awaitHosts(int count) throws Exception {
    for (int i = 0; i < 1_200; i++) {
      List<ActorRef<TrainerHost.Command>> hosts =
          TrainerHost.find(system).toCompletableFuture().get(60, TimeUnit.SECONDS);
      long up =
          StreamSupport.stream(Cluster.get(system).state().getMembers().spliterator(), false)
              .filter(member -> member.status() == MemberStatus.up())
              .count();
      if (hosts.size() == count && up == count) {
        return hosts;
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("nodes must find each other: count=" + count);
  }

  /** Trainers on hosts in turn, those of this node beside their coordinator. */
  Placement place(List<ActorRef<TrainerHost.Command>> hosts, int trainers) {
    Map<Integer, ActorRef<TrainerHost.Command>> elsewhere = new HashMap<>();
    for (int trainer = 0; trainer < trainers; trainer++) {
      ActorRef<TrainerHost.Command> host = hosts.get(trainer % hosts.size());
      if (TrainerHost.isElsewhere(host)) {
        elsewhere.put(trainer, host);
      }
    }
    return new Placement(elsewhere, Optional.of(transports.open()));
  }

  @Override
  public void close() {
    system.terminate();
    transports.close();
  }

  static String freeAddress(String host) throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(host))) {
      return host + ":" + socket.getLocalPort();
    }
  }
}
