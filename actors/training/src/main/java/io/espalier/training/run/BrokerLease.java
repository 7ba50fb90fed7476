package io.espalier.training.run;

import io.espalier.telemetry.kafka.Broker;
import io.espalier.telemetry.kafka.BrokerAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The broker of one process, opened by its first run or reader. Thread-safe. */
public final class BrokerLease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerLease.class);

  private final Path home;
  private final Optional<BrokerAccess> external;
  private final boolean hosts;
  private Optional<Broker> broker = Optional.empty();
  private boolean closed;

  private BrokerLease(Path home, Optional<BrokerAccess> external, boolean hosts) {
    this.home = home;
    this.external = external;
    this.hosts = hosts;
  }

  public BrokerLease(Path home, Optional<BrokerAccess> external) {
    this(home, external, true);
  }

  /** Of a process that never runs the home's broker itself. */
  public static BrokerLease joining(Path home, Optional<BrokerAccess> external) {
    return new BrokerLease(home, external, false);
  }

  /**
   * The broker, which takes seconds to start.
   *
   * @throws IOException if the home cannot be written, or the lease was closed
   */
  public synchronized Broker open() throws IOException {
    if (closed) {
      throw new IOException("a broker must be asked for before its process ends");
    }
    if (broker.isEmpty()) {
      broker = Optional.of(hosts ? Broker.open(home, external) : Broker.join(home, external));
    }
    return broker.get();
  }

  /** Access for a reader; opens the broker if necessary. Empty while that is impossible. */
  public Optional<BrokerAccess> access() {
    try {
      return open().access();
    } catch (IOException e) {
      LOG.debug("there is no broker to read from: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Stops the broker if it runs in this process. */
  @Override
  public synchronized void close() {
    closed = true;
    broker.ifPresent(Broker::close);
  }
}
