package io.espalier.telemetry.kafka;

import io.espalier.configs.file.AtomicFile;
import io.espalier.configs.file.LockFile;
import io.espalier.configs.file.PrivateDirectory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker that this process ships to: a given one, or that of the Espalier home, which runs in
 * the process that holds the home's lock. The home's broker keeps its log in {@code kafka/} and its
 * latest address in {@code broker.address}, where everyone on this machine may read. The home's
 * owner may write, too. Thread-safe.
 */
public final class Broker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
  private static final String ADDRESS_FILE = "broker.address";

  private final Path home;
  private final Optional<BrokerAccess> external;
  private final boolean hosts;
  private Kind kind;
  private String problem = "";
  private @Nullable EmbeddedBroker embedded;
  private @Nullable LockFile lock;
  private boolean closed;

  public enum Kind {
    EXTERNAL,
    EMBEDDED,
    JOINED,
    /** The embedded broker could not start. */
    NONE
  }

  private Broker(Kind kind, Path home, Optional<BrokerAccess> external, boolean hosts) {
    this.kind = kind;
    this.home = home;
    this.external = external;
    this.hosts = hosts;
  }

  /**
   * Resolves the broker; starts the embedded one if none is given and the home's lock is free,
   * which takes some seconds. A failed start is no error: see {@link #problem}.
   *
   * @throws IOException if the home cannot be written
   */
  public static Broker open(Path home, Optional<BrokerAccess> external) throws IOException {
    if (external.isPresent()) {
      return new Broker(Kind.EXTERNAL, home, external, false);
    }
    PrivateDirectory.create(home);
    Broker broker = new Broker(Kind.JOINED, home, external, true);
    broker.start();
    return broker;
  }

  /** The named broker, or the home's, which another process runs: this one never does. */
  public static Broker join(Path home, Optional<BrokerAccess> external) {
    return new Broker(external.isPresent() ? Kind.EXTERNAL : Kind.JOINED, home, external, false);
  }

  /** Finds the named broker, or the home's if it is up; starts none. */
  public static Optional<BrokerAccess> find(Path home, Optional<BrokerAccess> external) {
    return external.or(
        () -> homeAddress(home).filter(Broker::listens).map(address -> access(home, address)));
  }

  public synchronized Kind kind() {
    return kind;
  }

  /**
   * Returns the broker's access; call again after a failure. If the home's holder is gone, starts
   * the broker, which takes some seconds.
   */
  public synchronized Optional<BrokerAccess> access() {
    if (hosts
        && kind == Kind.JOINED
        && !closed
        && homeAddress(home).filter(Broker::listens).isEmpty()) {
      takeOver();
    }
    return switch (kind) {
      case EXTERNAL -> external;
      case EMBEDDED, JOINED -> homeAddress(home).map(address -> access(home, address));
      case NONE -> Optional.empty();
    };
  }

  public synchronized Optional<String> address() {
    return external.map(BrokerAccess::address).or(() -> homeAddress(home));
  }

  /** Describes address and process of the home's broker; empty for a named one. */
  public synchronized Optional<String> place() {
    return switch (kind) {
      case EMBEDDED -> address().map("Kafka at %s, in this process"::formatted);
      case JOINED ->
          Optional.of(
              address()
                  .map(at -> "Kafka at %s, in another process of home %s".formatted(at, home))
                  .orElse("Kafka in another process of home %s, which starts it".formatted(home)));
      case EXTERNAL, NONE -> Optional.empty();
    };
  }

  public synchronized Optional<String> problem() {
    return problem.isEmpty() ? Optional.empty() : Optional.of(problem);
  }

  @Override
  public synchronized void close() {
    closed = true;
    stop();
    if (lock != null) {
      lock.close();
    }
  }

  private void start() {
    takeOver();
    if (!problem.isEmpty()) {
      kind = Kind.NONE;
    }
  }

  private void stop() {
    if (embedded != null) {
      embedded.close();
      embedded = null;
    }
  }

  /** After a failure the next call tries again, or finds another process's broker. */
  private void takeOver() {
    try {
      holdIfFree();
      problem = "";
    } catch (IOException e) {
      problem = String.valueOf(e.getMessage());
    }
  }

  private void holdIfFree() throws IOException {
    Optional<LockFile> taken = LockFile.take(home.resolve("broker.lock"));
    if (taken.isEmpty()) {
      return;
    }
    try {
      int lastPort = homeAddress(home).map(Broker::port).orElse(0);
      embedded =
          EmbeddedBroker.startGuarded(home.resolve("kafka"), lastPort, BrokerOwner.open(home));
      writeAddress(embedded.address());
      lock = taken.get();
      kind = Kind.EMBEDDED;
    } catch (IOException | RuntimeException e) {
      stop();
      taken.get().close();
      throw e;
    }
  }

  private void writeAddress(String address) throws IOException {
    byte[] line = (address + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(home.resolve(ADDRESS_FILE), out -> out.write(line));
  }

  /** That of the owner; for other users, and a broker of an earlier version, that of all. */
  private static BrokerAccess access(Path home, String address) {
    String guarded = "127.0.0.1:" + (port(address) + 1);
    try {
      return BrokerOwner.find(home)
          .filter(owner -> listens(guarded))
          .map(owner -> new BrokerAccess(guarded, owner.settings()))
          .orElseGet(() -> BrokerAccess.of(address));
    } catch (IOException e) {
      LOG.warn("the home's broker can only be read: {}", e.getMessage());
      return BrokerAccess.of(address);
    }
  }

  private static Optional<String> homeAddress(Path home) {
    try {
      String address = Files.readString(home.resolve(ADDRESS_FILE)).strip();
      return Optional.of(address)
          .filter(text -> text.matches("[^:]+:\\d{1,5}") && port(text) < 65_536);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  private static boolean listens(String address) {
    String host = address.substring(0, address.lastIndexOf(':'));
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port(address)), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
