package io.espalier.telemetry.kafka;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The broker that this process ships to: a given one, or that of the Espalier home, which lives in
 * the process that holds the home's lock.
 *
 * <p>The home's broker keeps its log in {@code kafka/} and its address in {@code broker.address},
 * which names the last one while none is up. Thread-safe.
 */
public final class Broker implements AutoCloseable {
  /** The environment variable that names an external broker, {@code host:port}. */
  public static final String VARIABLE = "ESPALIER_KAFKA";

  private static final String ADDRESS_FILE = "broker.address";

  private final Kind kind;
  private final Path home;
  private final String external;
  private final String problem;
  private final @Nullable EmbeddedBroker embedded;
  private final @Nullable FileChannel lock;

  /** How this process came by its broker. */
  public enum Kind {
    /** Given by option or environment. */
    EXTERNAL,
    /** Runs in this process, which holds the home's lock. */
    EMBEDDED,
    /** Runs in another process, which holds the home's lock. */
    JOINED,
    /** There is none: the embedded one could not start. */
    NONE
  }

  private Broker(
      Kind kind,
      Path home,
      String external,
      String problem,
      @Nullable EmbeddedBroker embedded,
      @Nullable FileChannel lock) {
    this.kind = kind;
    this.home = home;
    this.external = external;
    this.problem = problem;
    this.embedded = embedded;
    this.lock = lock;
  }

  /**
   * Resolves the broker, and starts the embedded one if none is given and the home's lock is free;
   * that takes some seconds. An embedded broker that cannot start is no error: {@link #problem}.
   *
   * @param requested {@code host:port} that the user gave
   * @throws IOException if the home cannot be written
   */
  public static Broker open(Path home, Optional<String> requested, Map<String, String> environment)
      throws IOException {
    Optional<String> external = external(requested, environment);
    if (external.isPresent()) {
      return new Broker(Kind.EXTERNAL, home, external.get(), "", null, null);
    }
    Files.createDirectories(home);
    Path file = home.resolve("broker.lock");
    FileChannel lock = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!tryLock(lock)) {
      lock.close();
      return new Broker(Kind.JOINED, home, "", "", null, null);
    }
    return start(home, lock);
  }

  /** The address of a broker that is up right now, without starting one. */
  public static Optional<String> find(
      Path home, Optional<String> requested, Map<String, String> environment) {
    return external(requested, environment)
        .or(() -> homeAddress(home).filter(address -> listens(address)));
  }

  public Kind kind() {
    return kind;
  }

  /** Where clients connect, {@code host:port}; ask again after a failure, as it may move. */
  public Optional<String> address() {
    return switch (kind) {
      case EXTERNAL -> Optional.of(external);
      case EMBEDDED, JOINED -> homeAddress(home);
      case NONE -> Optional.empty();
    };
  }

  /** Why there is no broker; empty if there is one. */
  public Optional<String> problem() {
    return problem.isEmpty() ? Optional.empty() : Optional.of(problem);
  }

  /** Stops the broker if it runs in this process, and releases the home. */
  @Override
  public void close() {
    if (embedded != null) {
      embedded.close();
    }
    release(lock);
  }

  private static Broker start(Path home, FileChannel lock) throws IOException {
    try {
      int lastPort = homeAddress(home).map(Broker::port).orElse(0);
      EmbeddedBroker embedded = EmbeddedBroker.start(home.resolve("kafka"), lastPort);
      Path written = home.resolve(ADDRESS_FILE + ".new");
      Files.writeString(written, embedded.address() + "\n");
      Files.move(written, home.resolve(ADDRESS_FILE), StandardCopyOption.ATOMIC_MOVE);
      return new Broker(Kind.EMBEDDED, home, "", "", embedded, lock);
    } catch (IOException e) {
      release(lock);
      return new Broker(Kind.NONE, home, "", String.valueOf(e.getMessage()), null, null);
    }
  }

  private static Optional<String> external(
      Optional<String> requested, Map<String, String> environment) {
    return requested
        .or(() -> Optional.ofNullable(environment.get(VARIABLE)))
        .filter(address -> !address.isBlank());
  }

  private static Optional<String> homeAddress(Path home) {
    try {
      String address = Files.readString(home.resolve(ADDRESS_FILE)).strip();
      return Optional.of(address).filter(text -> text.matches("[^:]+:\\d{1,5}"));
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

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static void release(@Nullable FileChannel lock) {
    try {
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      // The lock ends with the process at the latest.
      return;
    }
  }
}
