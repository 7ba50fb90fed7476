package io.espalier.federation.server;

import io.espalier.federation.refusal.RefusalAggregator;
import io.espalier.federation.transfer.FileChunks;
import io.espalier.federation.transfer.ProgressTimeout;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The gRPC endpoint of a federation. It accepts connections, authenticates their clients, transfers
 * files, enforces limits, and passes decisions to a {@link GatewayHandler}. Its memory is bounded:
 * per connection by the flow-control window, one chunk per call and the queue of messages; a
 * session passes on at most one Ready and two Progress a second; at most one task per call waits
 * for its threads. Thread-safe.
 */
public final class Gateway implements AutoCloseable {
  public static final Set<Integer> PROTOCOL_VERSIONS = Set.of(1);

  /** Silenced: it would log a stack trace for each malformed byte and each cut connection. */
  private static final Logger LIBRARY = Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty");

  static {
    LIBRARY.setLevel(Level.SEVERE);
  }

  private static final int WINDOW_BYTES = 4 * FileChunks.BYTES;
  private static final int MESSAGE_BYTES = 2 * FileChunks.BYTES;
  private static final int HEADER_BYTES = 8 * 1024;
  private static final int WAITING_CONNECTIONS = 1024;
  private static final int RESETS = 200;
  private static final Duration RESETS_WINDOW = Duration.ofSeconds(30);
  private static final Duration SOONEST_PING = Duration.ofSeconds(1);
  private static final Duration END = Duration.ofSeconds(5);

  private final EventLoopGroup acceptor =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("espalier-gateway-accept", true), NioIoHandler.newFactory());
  private final EventLoopGroup sockets =
      new MultiThreadIoEventLoopGroup(
          2, new DefaultThreadFactory("espalier-gateway-socket", true), NioIoHandler.newFactory());
  private final ScheduledExecutorService timer = ProgressTimeout.timer("espalier-gateway-timer");
  private final RefusalAggregator refusals;
  private final ExecutorService executor;
  private final GatewayConnections connections;
  private final Server server;

  private Gateway(
      GatewaySettings settings, GatewayHandler handler, List<ServerServiceDefinition> others) {
    GatewaySettings.Limits limits = settings.limits();
    GatewaySettings.Times times = settings.times();
    refusals = new RefusalAggregator(handler, RefusalAggregator.INTERVAL);
    executor =
        Executors.newFixedThreadPool(
            limits.threads(), new DefaultThreadFactory("espalier-gateway", true));
    connections = new GatewayConnections(settings, timer, refusals);
    NettyServerBuilder builder = transport(settings);
    FederationService service =
        new FederationService(
            new FederationService.Shared(
                settings, handler, refusals, connections, executor, timer));
    builder.addService(
        ServerInterceptors.intercept(
            ServerInterceptors.useInputStreamMessages(service.bindService()),
            new AuthenticationInterceptor(
                settings.authenticator(), connections, refusals, timer, times.hello())));
    others.forEach(builder::addService);
    server = builder.build();
  }

  /**
   * Starts to listen.
   *
   * @param others further services, for callers without a name; a connection that calls only those
   *     is closed after {@code times.unnamed}
   * @throws IOException if the address cannot be bound
   */
  public static Gateway start(
      GatewaySettings settings, GatewayHandler handler, List<ServerServiceDefinition> others)
      throws IOException {
    Files.createDirectories(settings.incoming());
    Gateway gateway = new Gateway(settings, handler, others);
    try {
      gateway.server.start();
    } catch (IOException e) {
      gateway.close();
      throw e;
    }
    return gateway;
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) server.getListenSockets().get(0);
  }

  public int connections() {
    return connections.count();
  }

  public WireBytes bytes() {
    return connections.total();
  }

  /** Bytes since the start, by client. */
  public Map<String, WireBytes> bytesByClient() {
    return connections.byClient();
  }

  /** Closes all connections; uploads continue where they were when a gateway starts again. */
  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(END.toSeconds(), TimeUnit.SECONDS);
      executor.shutdown();
      executor.awaitTermination(END.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    executor.shutdownNow();
    timer.shutdownNow();
    refusals.close();
    for (EventLoopGroup group : List.of(acceptor, sockets)) {
      var unused = group.shutdownGracefully(0, END.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private NettyServerBuilder transport(GatewaySettings settings) {
    GatewaySettings.Times times = settings.times();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(settings.address())
            .channelFactory(() -> new GatewayConnections.ServerChannel(connections))
            .bossEventLoopGroup(acceptor)
            .workerEventLoopGroup(sockets)
            .withOption(ChannelOption.SO_BACKLOG, WAITING_CONNECTIONS)
            .executor(executor)
            .flowControlWindow(WINDOW_BYTES)
            .maxConcurrentCallsPerConnection(settings.limits().callsOfConnection())
            .maxInboundMessageSize(MESSAGE_BYTES)
            .maxInboundMetadataSize(HEADER_BYTES)
            .maxRstFramesPerWindow(RESETS, (int) RESETS_WINDOW.toSeconds())
            // Later than the limiter, which reports the refusal.
            .handshakeTimeout(2 * times.unnamed().toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionIdle(times.idle().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTime(times.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(times.keepAliveAnswer().toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(SOONEST_PING.toSeconds(), TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true);
    settings.tls().ifPresent(builder::sslContext);
    return builder;
  }
}
