package io.espalier.telemetry.kafka;

import io.espalier.configs.file.PrivateDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real Kafka broker (KRaft, one node) inside this process, on the loopback interface only.
 * Restarted on the same directory, even after a kill and on another port, it has the same log. The
 * caller ensures that one process at a time uses a directory. Kafka halts the process when its disk
 * fails; this class replaces that, for the whole process, by an error in the failing thread, so
 * that training continues.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final int MOST_PAIRS = 100;
  private static final int MOST_PORT = 65_534;

  private final KafkaRaftServer server;
  private final String address;

  private static final class BrokerHaltedError extends Error {
    BrokerHaltedError(int status, String message) {
      super("the embedded broker had to halt: status=" + status + ", cause=" + message);
    }
  }

  private EmbeddedBroker(KafkaRaftServer server, String address) {
    this.server = server;
    this.address = address;
  }

  /** Starts one that everyone may use, on any free port; takes some seconds. */
  public static EmbeddedBroker start(Path log) throws IOException {
    return start(log, 0);
  }

  /**
   * Starts on {@code preferredPort} if free, else on any free port; takes some seconds. Creates the
   * directory {@code log} if absent.
   *
   * @throws IOException if the broker cannot start; nothing of it then runs on
   */
  public static EmbeddedBroker start(Path log, int preferredPort) throws IOException {
    return start(log, preferredPort, Optional.empty());
  }

  /**
   * Starts one that everyone may read, and the owner write; the owner's port is the one after the
   * other.
   */
  static EmbeddedBroker startGuarded(Path log, int preferredPort, BrokerOwner owner)
      throws IOException {
    return start(log, preferredPort, Optional.of(new BrokerGuard(owner)));
  }

  private static EmbeddedBroker start(Path log, int preferredPort, Optional<BrokerGuard> guard)
      throws IOException {
    Exit.setExitProcedure(EmbeddedBroker::halt);
    Exit.setHaltProcedure(EmbeddedBroker::halt);
    int port = guard.isPresent() ? freePair(preferredPort) : freePort(preferredPort);
    int controllerPort = freePort(0);
    try {
      format(log);
      Properties properties = BrokerSettings.of(log, port, controllerPort);
      guard.ifPresent(each -> each.add(properties, port + 1));
      var config = new KafkaConfig(properties, false);
      var broker = start(new KafkaRaftServer(config, Time.SYSTEM), "127.0.0.1:" + port);
      return guard.isPresent() ? guarded(broker, guard.get(), port + 1) : broker;
    } catch (Exception | BrokerHaltedError e) {
      throw new IOException("the embedded broker must start: log=" + log + ", cause=" + e, e);
    }
  }

  private static EmbeddedBroker start(KafkaRaftServer server, String address) {
    boolean started = false;
    try {
      server.startup();
      started = true;
      return new EmbeddedBroker(server, address);
    } finally {
      if (!started) {
        // Kafka throws checked exceptions that it does not declare, an interrupt's among them.
        Thread.interrupted();
        server.shutdown();
      }
    }
  }

  private static EmbeddedBroker guarded(EmbeddedBroker broker, BrokerGuard guard, int port)
      throws IOException {
    try {
      guard.apply(port);
      return broker;
    } catch (IOException | RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  public String address() {
    return address;
  }

  private static void format(Path log) throws Exception {
    PrivateDirectory.own(log);
    if (Files.exists(log.resolve("meta.properties"))) {
      return;
    }
    try (var silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setNodeId(BrokerSettings.NODE)
          .setClusterId(Uuid.randomUuid().toString())
          .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
          .setControllerListenerName(BrokerSettings.CONTROLLER)
          .setMetadataLogDirectory(log.toString())
          .addDirectory(log.toString())
          .setIgnoreFormatted(true)
          .setPrintStream(silent)
          .run();
    }
  }

  private static int freePort(int preferred) throws IOException {
    try (var socket = new ServerSocket(preferred, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      if (preferred == 0) {
        throw e;
      }
      return freePort(0);
    }
  }

  /** A port that is free like the one after it. */
  private static int freePair(int preferred) throws IOException {
    int port = freePort(preferred);
    for (int i = 0; i < MOST_PAIRS; i++) {
      if (port < MOST_PORT && freePort(port + 1) == port + 1) {
        return port;
      }
      port = freePort(0);
    }
    throw new IOException("two ports in a row must be free: tried=" + MOST_PAIRS);
  }

  private static void halt(int status, String message) {
    throw new BrokerHaltedError(status, message);
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
