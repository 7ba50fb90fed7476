package io.espalier.actors.run;

import io.espalier.telemetry.kafka.Broker;
import io.espalier.telemetry.kafka.BrokerAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The broker that the runs of one process ship to, opened by the first of them: a process without
 * runs holds none. Thread-safe.
 */
public final class BrokerLease implements AutoCloseable {
  private final Path home;
  private final Optional<BrokerAccess> external;
  private Optional<Broker> broker = Optional.empty();
  private boolean closed;

  /**
   * @param home of Espalier on this machine
   * @param external the broker that the user named
   */
  public BrokerLease(Path home, Optional<BrokerAccess> external) {
    this.home = home;
    this.external = external;
  }

  /**
   * The broker, which takes some seconds to start.
   *
   * @throws IOException if the home cannot be written, or the lease was closed
   */
  synchronized Broker open() throws IOException {
    if (closed) {
      throw new IOException("a broker must be asked for before its process ends");
    }
    if (broker.isEmpty()) {
      broker = Optional.of(Broker.open(home, external));
    }
    return broker.get();
  }

  /** Stops the broker if it runs in this process. */
  @Override
  public synchronized void close() {
    closed = true;
    broker.ifPresent(Broker::close);
  }
}
