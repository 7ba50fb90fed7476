package io.espalier.federation.server;

import io.espalier.federation.refusal.RefusalListener;
import io.espalier.federation.refusal.RefusalReason;
import io.espalier.federation.transfer.ProgressTimeout;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.LongAdder;

/**
 * The connections of a gateway: limits their number, in all and per client, closes those that name
 * no client in time, and counts their bytes. Thread-safe.
 */
final class GatewayConnections {
  private final GatewaySettings.Limits limits;
  private final GatewaySettings.Times times;
  private final ScheduledExecutorService timer;
  private final RefusalListener refusals;
  private final LongAdder received = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final Map<SocketAddress, ClientConnection> open = new ConcurrentHashMap<>();
  private final Map<String, Deque<ClientConnection>> ofClients = new HashMap<>();
  private final Map<String, WireBytes> ofClosed = new HashMap<>();

  GatewayConnections(
      GatewaySettings settings, ScheduledExecutorService timer, RefusalListener refusals) {
    this.limits = settings.limits();
    this.times = settings.times();
    this.timer = timer;
    this.refusals = refusals;
  }

  public void named(SocketAddress remote, String client) {
    ClientConnection connection = open.get(remote);
    if (connection != null && connection.client().isEmpty()) {
      own(connection, client);
    }
  }

  public void cut(SocketAddress remote) {
    ClientConnection connection = open.get(remote);
    if (connection != null) {
      connection.cut();
    }
  }

  public int count() {
    return open.size();
  }

  public WireBytes total() {
    return new WireBytes(received.sum(), sent.sum());
  }

  public synchronized Map<String, WireBytes> byClient() {
    Map<String, WireBytes> all = new HashMap<>(ofClosed);
    ofClients.forEach(
        (client, owned) -> owned.forEach(each -> all.merge(client, each.bytes(), WireBytes::plus)));
    return all;
  }

  /** Accepts a new connection, unless there are too many. */
  boolean admit(Channel channel) {
    SocketAddress remote = channel.remoteAddress();
    if (remote == null) {
      return false;
    }
    if (open.size() >= limits.connections()) {
      refusals.refused(
          Optional.empty(),
          RefusalReason.TOO_MANY,
          "a gateway must have no more connections than its limit: limit=" + limits.connections());
      return false;
    }
    ClientConnection connection = new ClientConnection(channel, this, timer, times.silence());
    channel.pipeline().addFirst("bytes", connection);
    open.put(remote, connection);
    ProgressTimeout timeout =
        ProgressTimeout.start(timer, times.unnamed(), () -> requireClient(connection));
    var unused = channel.closeFuture().addListener(closed -> forget(remote, connection, timeout));
    return true;
  }

  void received(long bytes) {
    received.add(bytes);
  }

  void sent(long bytes) {
    sent.add(bytes);
  }

  private void requireClient(ClientConnection connection) {
    if (connection.client().isEmpty()) {
      refusals.refused(
          Optional.empty(),
          RefusalReason.TOO_SLOW,
          "a connection must name its client in time: limit=%d ms"
              .formatted(times.unnamed().toMillis()));
      connection.cut();
    }
  }

  private synchronized void own(ClientConnection connection, String client) {
    if (connection.client().isPresent()) {
      return;
    }
    connection.name(client);
    Deque<ClientConnection> owned = ofClients.computeIfAbsent(client, name -> new ArrayDeque<>());
    owned.add(connection);
    if (owned.size() > limits.connectionsOfClient()) {
      refusals.refused(
          Optional.of(client),
          RefusalReason.TOO_MANY,
          "a client must have no more connections than its limit: limit="
              + limits.connectionsOfClient());
      owned.element().cut();
    }
  }

  private synchronized void forget(
      SocketAddress remote, ClientConnection gone, ProgressTimeout timeout) {
    timeout.stop();
    gone.stop();
    open.remove(remote, gone);
    gone.client().ifPresent(client -> disown(client, gone));
  }

  private void disown(String client, ClientConnection gone) {
    ofClosed.merge(client, gone.bytes(), WireBytes::plus);
    Deque<ClientConnection> owned = ofClients.getOrDefault(client, new ArrayDeque<>());
    owned.remove(gone);
    if (owned.isEmpty()) {
      ofClients.remove(client);
    }
  }

  /** Passes every accepted connection to the limiter first. */
  static final class ServerChannel extends NioServerSocketChannel {
    private final GatewayConnections connections;

    ServerChannel(GatewayConnections connections) {
      this.connections = connections;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
      int count = super.doReadMessages(accepted);
      if (count == 1) {
        NioSocketChannel child = (NioSocketChannel) accepted.get(accepted.size() - 1);
        if (!connections.admit(child)) {
          accepted.remove(accepted.size() - 1);
          child.unsafe().closeForcibly();
          return 0;
        }
      }
      return count;
    }
  }
}
