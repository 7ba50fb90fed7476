package io.espalier.training.transport;

import java.util.Optional;

/** The one transport of a node, started when its first run needs it. Thread-safe. */
public final class SharedUdpTransport implements AutoCloseable {
  private final String address;
  private Optional<UdpTransport> transport = Optional.empty();
  private boolean closed;

  /**
   * @param address UDP host and port, as other nodes reach it
   */
  public SharedUdpTransport(String address) {
    this.address = address;
  }

  public synchronized UdpTransport open() {
    if (closed) {
      throw new IllegalStateException("a transport must be asked for before its node ends");
    }
    if (transport.isEmpty()) {
      transport = Optional.of(UdpTransport.start(address));
    }
    return transport.get();
  }

  @Override
  public synchronized void close() {
    closed = true;
    transport.ifPresent(UdpTransport::close);
  }
}
