package io.espalier.actors.transport.node;

import java.util.Optional;

/** The one transport of a node, started when its first run needs it. Thread-safe. */
public final class NodeTransports implements AutoCloseable {
  private final String address;
  private Optional<NodeTransport> transport = Optional.empty();
  private boolean closed;

  /**
   * @param address UDP host and port, as other nodes reach it
   */
  public NodeTransports(String address) {
    this.address = address;
  }

  public synchronized NodeTransport open() {
    if (closed) {
      throw new IllegalStateException("a transport must be asked for before its node ends");
    }
    if (transport.isEmpty()) {
      transport = Optional.of(NodeTransport.start(address));
    }
    return transport.get();
  }

  @Override
  public synchronized void close() {
    closed = true;
    transport.ifPresent(NodeTransport::close);
  }
}
