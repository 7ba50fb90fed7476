package io.espalier.service.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import com.typesafe.config.ConfigFactory;
import io.espalier.service.ServiceStartException;
import io.espalier.service.journal.Journal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ClusterNodesTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir private Path directory;
  private final List<ActorSystem<Void>> systems = new ArrayList<>();

  /** Does not wait: Artery may wait without limit for its streams (akka/akka issue 30326). */
  @AfterEach
  void stop() {
    systems.forEach(ActorSystem::terminate);
  }

  @Test
  void join_certifiedByOneAuthority_becomeOneCluster() throws Exception {
    // Given
    String seed = freeAddress("127.0.0.2");
    ActorSystem<Void> first = node("n1", seed, seed, certificate("authority", "127.0.0.2"));

    // When
    ActorSystem<Void> second =
        node("n2", freeAddress("127.0.0.3"), seed, certificate("authority", "127.0.0.3"));

    // Then
    assertThat(membersWithin(second, 2, 1_200)).isEqualTo(2);
    assertThat(membersWithin(first, 2, 1_200)).isEqualTo(2);
    assertThat(
            SharedDirectoryCheck.strangers(
                second, Files.createDirectory(directory.resolve("runs"))))
        .isEmpty();
  }

  @Test
  void node_withTheNameOfOneThatLives_isRefused_untilThatOneIsGone() throws Exception {
    // Given
    String seed = freeAddress("127.0.0.2");
    ActorSystem<Void> first = node("n1", seed, seed, certificate("authority", "127.0.0.2"));
    assertThat(membersWithin(first, 1, 1_200)).isEqualTo(1);
    String address = freeAddress("127.0.0.3");
    ActorSystem<Void> other = node("n2", address, seed, certificate("authority", "127.0.0.3"));
    assertThat(membersWithin(other, 2, 1_200)).isEqualTo(2);
    ActorSystem<Void> namesake =
        node("n2", freeAddress("127.0.0.4"), seed, certificate("authority", "127.0.0.4"));
    assertThat(membersWithin(namesake, 3, 1_200)).isEqualTo(3);

    // When, Then
    assertThatThrownBy(() -> NodeNames.requireOnly(namesake, "n2", LIMIT))
        .isInstanceOf(ServiceStartException.class)
        .hasMessageContaining("node=n2 is that of espalier@" + address + ", which is up")
        .hasMessageContaining("give this one another name");
    NodeNames.requireOnly(other, "n2", LIMIT);
    NodeNames.requireOnly(first, "n1", LIMIT);
    other.terminate();
    awaitGone(namesake, address);
    NodeNames.requireOnly(namesake, "n2", LIMIT);
  }

  private static void awaitGone(ActorSystem<Void> system, String address)
      throws InterruptedException {
    for (int i = 0; i < 1_200 && isMember(system, address); i++) {
      Thread.sleep(100);
    }
    assertThat(isMember(system, address)).isFalse();
  }

  private static boolean isMember(ActorSystem<Void> system, String address) {
    return StreamSupport.stream(Cluster.get(system).state().getMembers().spliterator(), false)
        .anyMatch(member -> member.address().hostPort().endsWith(address));
  }

  @Test
  void join_certifiedByAnotherAuthority_isKeptOut() throws Exception {
    // Given
    String seed = freeAddress("127.0.0.2");
    ActorSystem<Void> first = node("n1", seed, seed, certificate("authority", "127.0.0.2"));
    assertThat(membersWithin(first, 1, 1_200)).isEqualTo(1);

    // When
    ActorSystem<Void> stranger =
        node("n2", freeAddress("127.0.0.3"), seed, certificate("other", "127.0.0.3"));

    // Then
    assertThat(membersWithin(stranger, 1, 50)).isZero();
    assertThat(membersWithin(first, 2, 1)).isEqualTo(1);
  }

  @Test
  void join_seedWithACertificateForAnotherHost_isKeptOut() throws Exception {
    // Given
    String seed = freeAddress("127.0.0.2");
    ActorSystem<Void> first = node("n1", seed, seed, certificate("authority", "127.0.0.9"));

    // When
    ActorSystem<Void> second =
        node("n2", freeAddress("127.0.0.3"), seed, certificate("authority", "127.0.0.3"));

    // Then
    assertThat(membersWithin(second, 1, 50)).isZero();
    assertThat(membersWithin(first, 2, 1)).isEqualTo(1);
  }

  @Test
  void strangers_otherDirectoryMountedElsewhere_areNamed() throws Exception {
    // Given
    String seed = freeAddress("127.0.0.2");
    node("n1", seed, seed, certificate("authority", "127.0.0.2"));
    ActorSystem<Void> second =
        node("n2", freeAddress("127.0.0.3"), seed, certificate("authority", "127.0.0.3"));
    assertThat(membersWithin(second, 2, 1_200)).isEqualTo(2);

    // When
    List<String> strangers =
        SharedDirectoryCheck.strangers(second, Files.createDirectory(directory.resolve("another")));

    // Then
    assertThat(strangers).anyMatch(stranger -> stranger.contains(seed));
  }

  private Path certificate(String authority, String host) throws IOException {
    Path out = directory.resolve(authority + "-" + host);
    NodeCertificates.issue(directory.resolve(authority), List.of(host), out, Instant.now());
    return out;
  }

  private ActorSystem<Void> node(String name, String address, String seed, Path certificates) {
    ClusterSettings settings =
        new ClusterSettings(
            name,
            address,
            List.of(seed),
            Set.of("coordinator", "trainer"),
            "127.0.0.1:1",
            certificates,
            new Journal.Shared("jdbc:postgresql://nowhere/none", "u", "p"),
            directory.resolve("runs"));
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.setup(
                context -> {
                  context.spawn(SharedDirectoryCheck.create(directory.resolve("runs")), "runs");
                  return Behaviors.empty();
                }),
            "espalier",
            settings
                .overlay()
                .withFallback(ConfigFactory.parseResources("service.conf"))
                .withFallback(ConfigFactory.load())
                .resolve());
    systems.add(system);
    return system;
  }

  private static long membersWithin(ActorSystem<Void> system, int count, int tenths)
      throws InterruptedException {
    for (int i = 0; i < tenths && members(system) < count; i++) {
      Thread.sleep(100);
    }
    return members(system);
  }

  private static long members(ActorSystem<Void> system) {
    return StreamSupport.stream(Cluster.get(system).state().getMembers().spliterator(), false)
        .filter(member -> member.status() == MemberStatus.up())
        .count();
  }

  private static String freeAddress(String host) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return host + ":" + socket.getLocalPort();
    }
  }
}
