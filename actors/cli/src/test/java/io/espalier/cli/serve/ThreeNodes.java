package io.espalier.cli.serve;

import io.espalier.service.LifecycleEntry;
import io.espalier.service.RunStatus;
import io.espalier.service.client.ServiceException;
import io.espalier.service.cluster.NodeCertificates;
import io.espalier.telemetry.kafka.EmbeddedBroker;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Three processes of {@code espalier serve --cluster}, each with an address, a certificate and one
 * trainer of its own, over a real PostgreSQL and a real broker.
 */
final class ThreeNodes implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Path directory;
  private final EmbeddedPostgres postgres;
  private final EmbeddedBroker broker;
  private final Map<String, ServiceProcess> nodes = new TreeMap<>();
  private final List<String> seeds = new ArrayList<>();

  ThreeNodes(Path directory) throws IOException, SQLException, InterruptedException {
    this.directory = directory;
    postgres = EmbeddedPostgres.start();
    broker = EmbeddedBroker.start(directory.resolve("kafka"));
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE espalier LOGIN PASSWORD 'secret'");
      statement.execute("GRANT ALL ON SCHEMA public TO espalier");
    }
    Files.writeString(directory.resolve("password"), "secret\n");
    Files.createDirectory(directory.resolve("runs"));
    for (int i = 1; i <= 3; i++) {
      seeds.add(address(i) + ":" + freePort(i));
    }
    for (int i = 1; i <= 3; i++) {
      describe(i);
    }
    for (int i = 1; i <= 3; i++) {
      start("n" + i);
    }
  }

  private void describe(int i) throws IOException {
    Path home = Files.createDirectories(directory.resolve("n" + i));
    NodeCertificates.issue(
        directory.resolve("authority"),
        List.of(address(i)),
        home.resolve("certificates"),
        Instant.now());
    Files.writeString(
        home.resolve("cluster.conf"),
        """
        node = n%d
        artery = "%s"
        seeds = ["%s"]
        roles = [coordinator, trainer]
        aeron = "%s:%d"
        certificates = "%s"
        journal { url = "jdbc:postgresql://127.0.0.1:%d/postgres", user = espalier, password-file = "%s" }
        runs = "%s"
        """
            .formatted(
                i,
                seeds.get(i - 1),
                String.join("\", \"", seeds),
                address(i),
                freePort(i),
                home.resolve("certificates"),
                postgres.getPort(),
                directory.resolve("password"),
                directory.resolve("runs")));
  }

  /** Starts a node, again if it was killed. */
  void start(String node) throws IOException, InterruptedException {
    Path home = directory.resolve(node);
    nodes.put(
        node,
        ServiceProcess.start(
            home,
            "--cluster",
            home.resolve("cluster.conf").toString(),
            "--trainers",
            "1",
            "--memory",
            "1024",
            "--kafka",
            broker.address()));
  }

  ServiceProcess node(String name) {
    return Objects.requireNonNull(nodes.get(name));
  }

  /** The process of a node, which is a node of this fixture no more. */
  ServiceProcess remove(String name) {
    return Objects.requireNonNull(nodes.remove(name));
  }

  void kill(String name) {
    remove(name).kill();
  }

  /** Some node that lives. */
  ServiceProcess any() {
    return nodes.values().iterator().next();
  }

  /** Waits until a run stands so, whatever the nodes answer in between. */
  RunStatus await(String run, Predicate<RunStatus> condition)
      throws IOException, InterruptedException {
    long untilNs = System.nanoTime() + PATIENCE.toNanos();
    String last = "";
    while (System.nanoTime() < untilNs) {
      try {
        RunStatus status = any().client.status(run).value();
        if (condition.test(status)) {
          return status;
        }
        last = status.toString();
      } catch (ServiceException e) {
        last = String.valueOf(e.getMessage());
      }
      Thread.sleep(100);
    }
    throw new AssertionError("last: %s%nhistory: %s%n%s".formatted(last, history(run), printed()));
  }

  List<LifecycleEntry> history(String run) throws InterruptedException {
    return any().client.history(run).value();
  }

  /** The nodes of a run's trainers beside that of its coordinator, of its latest start. */
  List<String> elsewhere(String run) throws InterruptedException {
    String detail =
        history(run).stream()
            .filter(entry -> entry.event().equals("started"))
            .reduce((first, second) -> second)
            .orElseThrow()
            .detail();
    return List.of("n1", "n2", "n3").stream()
        .filter(node -> detail.contains(" on " + node))
        .toList();
  }

  Path runDirectory(String run) {
    return directory.resolve("runs").resolve(run);
  }

  private String printed() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String node : List.of("n1", "n2", "n3")) {
      Path log = directory.resolve(node).resolve("serve.log");
      all.append(node).append('\n').append(Files.readString(log));
    }
    return all.toString();
  }

  private static String address(int i) {
    return "127.0.0." + (i + 1);
  }

  private static int freePort(int i) throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName(address(i)))) {
      return probe.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    nodes.values().forEach(ServiceProcess::close);
    broker.close();
    postgres.close();
  }
}
